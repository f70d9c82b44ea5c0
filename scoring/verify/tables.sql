-- What `points.sql` works on. Nothing here knows how the workers count; it is written from the
-- design's sentences, so that two people's mistakes would have to agree to stay unseen.

-- One row a rule of a version; `n` is the order in which versions were recorded.
create temp table v_rule (
  n int, book_id int, valid_from timestamptz, name text, relation text, kinds text[],
  platforms text[], topics text[], credit text[], per text, repeats bool, capacity int,
  figures bool
) on commit drop;
create temp table v_step (book_id int, name text, from_place int, upto_place int, points int)
  on commit drop;
-- From when until when a version speaks: of several valid ones the one recorded last.
create temp table v_reign (book_id int, from_at timestamptz, until_at timestamptz) on commit drop;

create temp table v_person (person_id bigint primary key) on commit drop;
-- Whose the accounts that occur were, from when until when: filled for the people being counted, as is all
-- below, so that one person costs the same in a small company and in a large one.
create temp table v_owner (
  account_id uuid, from_at timestamptz, until_at timestamptz, person_id bigint, company bool,
  counts text, record_id bigint
) on commit drop;
create index on v_owner (account_id, from_at);
create temp table v_state (person_id bigint, from_at timestamptz, until_at timestamptz, state text)
  on commit drop;
create index on v_state (person_id, from_at);

create temp table v_deed (
  id uuid primary key, platform text, kind text, native_key uuid, actor_id uuid, target_id uuid,
  post_id uuid, thread_id uuid, at timestamptz, removed bool, held bool
) on commit drop;
-- Deeds that made a post which others act on.
create temp table v_maker (name uuid, like v_deed) on commit drop;
create index on v_maker (name);
create temp table v_post (
  post_id uuid primary key, platform text, author_id uuid, published_at timestamptz,
  handed_in bool, disclosed bool, reshared_at timestamptz, topics text[]
) on commit drop;
create temp table v_seen (
  id uuid, platform text, kind text, actor_id uuid, target_id uuid, thread_id uuid, at timestamptz,
  relation text, person_id bigint, post_id uuid
) on commit drop;
create temp table v_credit (
  id uuid, person_id bigint, name text, book_id int, window_name text, key text, at timestamptz,
  kind text, post_id uuid, repeats bool, figured bool, nth bigint
) on commit drop;
create temp table v_figure (
  person_id bigint, post_id uuid, kind text, from_count bigint, upto_count bigint, at timestamptz
) on commit drop;
create temp table v_claim (
  person_id bigint, name text, book_id int, window_name text, key text, at timestamptz
) on commit drop;

-- A deed with its best known time: the network's before ours, then the earlier.
create temp view v_every_deed as
select e.id, e.platform, e.kind, e.native_key, e.actor_id, e.target_id, e.post_id, e.thread_id,
  (select t.occurred_at
   from (select e.dated, e.occurred_at
         union all
         select r.dated, r.occurred_at from retiming r where r.engagement_id = e.id) t
   order by (t.dated = 'received'), t.occurred_at limit 1) as at,
  exists (select from removal r where r.native_key = e.native_key)
    or (exists (select from alias a where a.engagement_id = e.id)
        and not exists (select from alias a where a.engagement_id = e.id and not exists
              (select from removal r where r.native_key = a.native_key))) as removed,
  coalesce((select h.held from hold h where h.engagement_id = e.id order by h.id desc limit 1),
           false) as held
from engagement e;

-- The first moment of the day, week, month or season that holds a moment where the company is.
create function pg_temp.v_starts_at(per text, at timestamptz) returns timestamptz
language sql stable as $$
  select public.fanfare_midnight(
    case per when 'season' then public.fanfare_season_starts(day) else date_trunc(per, day)::date end,
    current_setting('fanfare.zone'))
  from (select public.fanfare_local(at, current_setting('fanfare.zone'))::date as day) here
$$;
