-- Who outside answered whom on which day of the company's zone: what boards of responses count. An answer
-- computed from the facts, like `total`: rows come and go with what counts.
create table answered (
  person_id bigint not null references person on delete restrict,
  actor_id  uuid not null,
  on_day    date not null,
  constraint answered_pk primary key (person_id, actor_id, on_day)
);
create index answered_actor_ix on answered (actor_id, on_day);
create index answered_day_ix on answered (on_day);

-- A follower count of an account, at `since_at`: boards of followers count it.
alter table change drop constraint change_subject_ck, add constraint change_subject_ck
  check (subject in ('engagement', 'native', 'post', 'account', 'person', 'snapshot'));

-- What was told before these boards were kept is counted for them now.
insert into change (subject, subject_id)
select 'engagement', id from engagement where kind in ('reply', 'quote');
insert into change (subject, subject_id, since_at)
select distinct 'snapshot', account_id, observed_at from snapshot;
