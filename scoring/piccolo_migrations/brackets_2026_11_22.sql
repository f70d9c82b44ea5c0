-- Boards among people with about as many followers.

-- Where brackets begin, from a day on: a period's are those that stand on its first day. Of several changes
-- from one day the last is meant.
create table bracket_change (
  id          int generated always as identity primary key,
  from_on     date not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null
);
create table bracket_limit (
  change_id int not null references bracket_change on delete restrict,
  at_least  bigint not null,
  constraint bracket_limit_pk primary key (change_id, at_least),
  constraint bracket_limit_ck check (at_least > 0)
);
insert into bracket_change (from_on, person_id, recorded_at) values (date '1970-01-01', null, now());
insert into bracket_limit select id, at_least from bracket_change, unnest(array[500, 5000]) as at_least;

-- How many followers a person had as a period began, noted once, so that nobody changes brackets inside it.
-- Null: no account of theirs had been counted by then. A computed answer: snapshots tell it again.
create table audience_then (
  on_day    date not null,
  person_id bigint not null references person on delete restrict,
  followers bigint,
  constraint audience_then_pk primary key (on_day, person_id)
);
create index audience_then_person_ix on audience_then (person_id);
