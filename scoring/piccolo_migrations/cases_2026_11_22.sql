-- Cases that people open about their own points, and the points that an answer to one gives.

-- A dispute that is granted: points, signed, counted at the moment that the dispute is about.
alter table case_decision
  add column points    int,
  add column counts_at timestamptz,
  drop constraint case_decision_outcome_ck,
  add constraint case_decision_outcome_ck check (outcome in ('upheld', 'released', 'granted')),
  add constraint case_decision_granted_ck check (case when outcome = 'granted'
    then points is not null and points <> 0 and counts_at is not null
    else points is null and counts_at is null end);

-- Its entry says which case it answers.
alter table entry
  drop constraint entry_reason_ck,
  add constraint entry_reason_ck
    check (reason in ('counted', 'reversed') or reason ~ '^case:[0-9]+$');

-- What can be erased of a case: what somebody wrote to it. Its file and decision hold ids and hashes.
create table case_words (
  case_id     bigint not null references case_file on delete restrict,
  part        text not null,
  words       text not null,
  recorded_at timestamptz not null,
  constraint case_words_pk primary key (case_id, part),
  constraint case_words_part_ck check (part in ('asked', 'answered')),
  constraint case_words_words_ck check (words <> '')
);

create index case_file_key_ix on case_file (kind, (evidence->>'key'));
create index case_file_person_ix on case_file (person_id);
create index hold_case_ix on hold (case_id);
