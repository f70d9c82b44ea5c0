-- The facts as a contest may see them: temporary views that stand before the tables of the same name, so
-- that every script here counts under a contest's cut-offs and networks without a word being changed.
-- Settings: fanfare.facts_by, fanfare.holds_by, fanfare.networks (names between blanks), fanfare.charter.
create temp view engagement as
select * from public.engagement
where recorded_at < current_setting('fanfare.facts_by')::timestamptz
  and platform = any(string_to_array(current_setting('fanfare.networks'), ' '));
create temp view alias as
select * from public.alias where recorded_at < current_setting('fanfare.facts_by')::timestamptz;
create temp view retiming as
select * from public.retiming where recorded_at < current_setting('fanfare.facts_by')::timestamptz;
create temp view removal as
select * from public.removal where recorded_at < current_setting('fanfare.facts_by')::timestamptz;
create temp view figure as
select * from public.figure where recorded_at < current_setting('fanfare.facts_by')::timestamptz;
create temp view snapshot as
select s.* from public.snapshot s join account a on a.id = s.account_id
where s.recorded_at < current_setting('fanfare.facts_by')::timestamptz
  and a.platform = any(string_to_array(current_setting('fanfare.networks'), ' '));
create temp view post as
select * from public.post
where recorded_at < current_setting('fanfare.facts_by')::timestamptz
  and platform = any(string_to_array(current_setting('fanfare.networks'), ' '));
create temp view mark as
select * from public.mark where recorded_at < current_setting('fanfare.facts_by')::timestamptz;
create temp view topic_mark as
select * from public.topic_mark
where recorded_at < current_setting('fanfare.facts_by')::timestamptz;
create temp view hold as
select * from public.hold where recorded_at < current_setting('fanfare.holds_by')::timestamptz;
create temp view ownership as  -- what is said anew of one person's two records is recorded for the past
select * from public.ownership
where same_person_id is null
  or recorded_at < current_setting('fanfare.facts_by')::timestamptz;
create temp view called as
select native_key as name, id as engagement_id from engagement
union all
select native_key, engagement_id from alias;
create temp view rulebook as
select 0 as id, 'charter' as name, current_setting('fanfare.charter') as toml,
  timestamptz '1970-01-01 00:00+00' as valid_from, timestamptz '1970-01-01 00:00+00' as recorded_at;
