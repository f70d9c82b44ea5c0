-- Announcing who won: what is shown in which order and when, and who congratulates.

-- How a decided contest is announced. `plan` holds ids and numbers only; names are read when shown.
create table announcement (
  id          bigint generated always as identity primary key,
  contest_id  bigint not null references contest on delete restrict,
  person_id   bigint references person on delete restrict,  -- null: the clock, for nobody else did
  line        text not null,          -- the leader's own, '' for none
  manner      text not null,
  starts_at   timestamptz not null,   -- of the first step
  plan        jsonb not null,
  recorded_at timestamptz not null,
  constraint announcement_manner_ck check (manner in ('timed', 'stepped')),
  constraint announcement_line_ck check (length(line) <= 200),
  constraint announcement_starts_ck check (starts_at >= recorded_at)
);
create index announcement_contest_ix on announcement (contest_id, id);

-- What happened to it since. A step counts from 0; the newest row holds.
create table announcement_event (
  id              bigint generated always as identity primary key,
  announcement_id bigint not null references announcement on delete restrict,
  kind            text not null,
  step            int,
  person_id       bigint references person on delete restrict,  -- null: the clock
  words           text,                                         -- of a correction
  recorded_at     timestamptz not null,
  constraint announcement_event_kind_ck check (kind in ('stepped', 'called_off', 'finished', 'corrected')),
  constraint announcement_event_step_ck check ((kind = 'stepped') = (step is not null)),
  constraint announcement_event_words_ck check (
    (kind = 'corrected') = (words is not null) and coalesce(length(words) between 1 and 300, true))
);
create index announcement_event_ix on announcement_event (announcement_id, id);
create unique index announcement_event_once_uq on announcement_event (announcement_id, kind)
  where kind in ('called_off', 'finished');

-- One tap of a colleague for an award; the newest row of both holds.
create table congratulation (
  id          bigint generated always as identity primary key,
  award_id    bigint not null references award on delete restrict,
  person_id   bigint not null references person on delete restrict,
  given       boolean not null,
  recorded_at timestamptz not null
);
create index congratulation_award_ix on congratulation (award_id, person_id, id);

-- New notices are looked for to be sent by e-mail.
create index notice_recorded_ix on notice (recorded_at);

do $$
declare fact text;
begin
  foreach fact in array array['announcement', 'announcement_event'] loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;
