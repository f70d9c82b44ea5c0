-- Contests and rewards, design section 7. Facts are appended: the trigger of the fact model refuses
-- UPDATE and DELETE. Amounts are integers: minor units of an ISO 4217 currency, or half days.
-- Everything here holds person.id only; names stay in `profile`.

-- Money and days ----------------------------------------------------------------------------------

create table budget (
  id          int generated always as identity primary key,
  name        text not null,
  kind        text not null,
  currency    text,
  starts_on   date not null,
  ends_on     date not null,  -- the last day
  opened_by   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint budget_name_uq unique nulls not distinct (name, kind, currency),
  constraint budget_name_ck check (name <> ''),
  constraint budget_kind_ck check (kind in ('cash', 'days')),
  constraint budget_currency_ck check ((kind = 'cash') = (currency is not null) and currency ~ '^[A-Z]{3}$'),
  constraint budget_period_ck check (ends_on >= starts_on)
);

-- Who may spend: state from recorded_at on, until the next row of budget and person.
create table budget_spender (
  id          bigint generated always as identity primary key,
  budget_id   int not null references budget on delete restrict,
  person_id   bigint not null references person on delete restrict,
  granted     boolean not null,
  granted_by  bigint references person on delete restrict,
  recorded_at timestamptz not null
);
create index budget_spender_budget_ix on budget_spender (budget_id, person_id, id);

-- No more can be spent from it or added to it; what comes back later leaves it at once.
create table budget_closing (
  budget_id      int primary key references budget on delete restrict,
  key            text not null,
  content_sha256 bytea not null,
  person_id      bigint not null references person on delete restrict,
  reason         text not null,
  recorded_at    timestamptz not null,
  constraint budget_closing_key_uq unique (key),
  constraint budget_closing_reason_ck check (reason <> '')
);

create table contest (
  id          bigint generated always as identity primary key,
  slug        text not null,
  author_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint contest_slug_uq unique (slug),
  constraint contest_slug_ck check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80)
);

-- What a published contest may cost in one budget, set aside whole; at most one of a contest and budget
-- holds something at a time.
create table reservation (
  id          bigint generated always as identity primary key,
  budget_id   int not null references budget on delete restrict,
  contest_id  bigint not null references contest on delete restrict,
  recorded_at timestamptz not null
);
create index reservation_contest_ix on reservation (contest_id);

create table award (
  id             bigint generated always as identity primary key,
  contest_id     bigint not null references contest on delete restrict,
  prize          int not null,       -- the prize's number in the charter
  place          int,                -- null: reached a threshold, or drawn
  bracket        int,                -- null: among all
  person_id      bigint not null references person on delete restrict,
  team           text,               -- won as a member of this team
  kind           text not null,
  currency       text,
  units          bigint not null,
  reservation_id bigint references reservation on delete restrict,  -- null: recognition costs nothing
  -- Where the winner chooses, the days that the money above can be exchanged for.
  days_units     bigint,
  days_reservation_id bigint references reservation on delete restrict,
  proposer_id    bigint not null references person on delete restrict,
  passed_from    bigint references award on delete restrict,
  recorded_at    timestamptz not null,
  constraint award_once_uq unique nulls not distinct (contest_id, prize, bracket, person_id),
  constraint award_passed_once_uq unique (passed_from),
  constraint award_kind_ck check (kind in ('cash', 'days', 'choice', 'recognition')),
  constraint award_units_ck check (units >= 0 and (units > 0 or kind = 'recognition')),
  constraint award_cost_ck check (kind = 'recognition' or reservation_id is not null),
  constraint award_choice_ck check
    ((kind = 'choice') = (days_units is not null) and days_units > 0
     and (days_units is null) = (days_reservation_id is null))
);
create index award_person_ix on award (person_id);

-- Double entry: each row moves units between two accounts of one budget and says what stands after.
-- (budget, number) is unique, so that two writers can never start from the same balance, and the
-- checks on what stands after make overspending impossible to store.
create table transfer (
  id                bigint generated always as identity primary key,
  budget_id         int not null references budget on delete restrict,
  number            bigint not null,    -- 1, 2, 3 … within the budget
  kind              text not null,
  from_account      text not null,
  to_account        text not null,
  units             bigint not null,
  reservation_id    bigint references reservation on delete restrict,
  award_id          bigint references award on delete restrict,
  available_after   bigint not null,
  reserved_after    bigint not null,
  spent_after       bigint not null,
  reservation_after bigint,             -- what the reservation still holds
  key               text not null,      -- idempotency: the same request again is the first answer
  content_sha256    bytea not null,     -- the same key with other content is refused
  person_id         bigint references person on delete restrict,  -- null: the clock
  reason            text not null,
  recorded_at       timestamptz not null,
  constraint transfer_number_uq unique (budget_id, number),
  constraint transfer_key_uq unique (key),
  constraint transfer_units_ck check (units > 0),
  constraint transfer_reason_ck check (reason <> ''),
  constraint transfer_sha_ck check (octet_length(content_sha256) = 32),
  constraint transfer_never_overspent_ck check
    (available_after >= 0 and reserved_after >= 0 and spent_after >= 0 and reservation_after >= 0),
  constraint transfer_kind_ck check ((kind, from_account, to_account) in (
    ('top_up', 'funding', 'available'), ('reserve', 'available', 'reserved'),
    ('post', 'reserved', 'spent'), ('void', 'reserved', 'available'),
    ('expire', 'reserved', 'available'), ('release', 'reserved', 'available'),
    ('recover', 'spent', 'available'), ('close', 'available', 'funding'))),
  constraint transfer_reservation_ck check
    ((kind in ('top_up', 'close')) = (reservation_id is null)
     and (reservation_id is null) = (reservation_after is null))
);
create index transfer_reservation_ix on transfer (reservation_id, id);
create index transfer_award_ix on transfer (award_id);
-- What was set aside for an award is spent or given back once, whoever asks how often.
create unique index transfer_settled_once_ix on transfer (award_id, reservation_id)
  where kind in ('post', 'void', 'expire');
-- Where the winner chose between money and days, both were set aside; one is paid.
create unique index transfer_paid_once_ix on transfer (award_id) where kind = 'post';

-- Contests ----------------------------------------------------------------------------------------

-- What is being written; not a fact. `version` rises with each save, so that a stale form is seen.
create table contest_draft (
  contest_id bigint primary key references contest on delete restrict,
  form       jsonb not null,
  version    int not null,
  changed_by bigint references person on delete restrict,
  changed_at timestamptz not null
);

-- The official rules under their hash. A withdrawn one stays on record; a contest has one in force.
create table charter (
  id           bigint generated always as identity primary key,
  contest_id   bigint not null references contest on delete restrict,
  body         text not null,   -- canonical JSON, exactly the bytes under the hash
  sha256       text not null,
  published_by bigint not null references person on delete restrict,
  recorded_at  timestamptz not null,
  constraint charter_sha_ck check (sha256 ~ '^[0-9a-f]{64}$')
);
create index charter_contest_ix on charter (contest_id, id);

-- Recorded decisions of people and of the clock; with the clock they say where a contest stands.
create table contest_event (
  id          bigint generated always as identity primary key,
  contest_id  bigint not null references contest on delete restrict,
  charter_id  bigint references charter on delete restrict,
  kind        text not null,
  person_id   bigint references person on delete restrict,  -- null: the clock
  detail      jsonb not null,
  recorded_at timestamptz not null,
  constraint contest_event_kind_ck check (kind in
    ('published', 'withdrawn', 'cancelled', 'started', 'frozen', 'settled', 'decided',
     'announced', 'closed'))
);
-- Once a charter: published twice at once, decided twice at once, is impossible to store.
create unique index contest_event_once_ix on contest_event (contest_id, coalesce(charter_id, 0), kind);

create table amendment (
  id          bigint generated always as identity primary key,
  contest_id  bigint not null references contest on delete restrict,
  charter_id  bigint not null references charter on delete restrict,
  body        text not null,  -- canonical JSON: what changes, in words and in terms
  sha256      text not null,
  person_id   bigint not null references person on delete restrict,
  recorded_at timestamptz not null
);
create index amendment_contest_ix on amendment (contest_id, id);

-- An administrator lets a network count for cash in one contest although its own policy says otherwise.
create table network_override (
  id          bigint generated always as identity primary key,
  contest_id  bigint not null references contest on delete restrict,
  network     text not null,
  reason      text not null,
  person_id   bigint not null references person on delete restrict,
  recorded_at timestamptz not null,
  constraint network_override_reason_ck check (reason <> '')
);
create index network_override_contest_ix on network_override (contest_id, network, id);

-- The seed behind the last tie-breaker and draws: its hash is in the charter, it is shown when decided.
create table contest_seed (
  charter_sha256 text primary key,
  contest_id     bigint not null references contest on delete restrict,
  seed           bytea not null,
  recorded_at    timestamptz not null
);

-- Taking part: state from recorded_at on, until the next row of contest and person.
create table entrance (
  id          bigint generated always as identity primary key,
  contest_id  bigint not null references contest on delete restrict,
  person_id   bigint not null references person on delete restrict,
  state       text not null,
  chosen      boolean not null,  -- by the person; false: by default, as the contest says
  recorded_at timestamptz not null,
  constraint entrance_state_ck check (state in ('entered', 'withdrawn'))
);
create index entrance_contest_ix on entrance (contest_id, person_id, id);
create index entrance_person_ix on entrance (person_id, contest_id);

-- Bracket and team of an entrant, fixed at the start (or when entering later).
create table placement (
  contest_id  bigint not null references contest on delete restrict,
  person_id   bigint not null references person on delete restrict,
  bracket     int not null,
  audience    bigint,           -- followers that decided it; null: not known
  team        text,
  recorded_at timestamptz not null,
  constraint placement_pk primary key (contest_id, person_id)
);

-- Computed: the live standing, disposable. `mode`: which networks' facts it saw.
create table tally (
  contest_id bigint not null references contest on delete restrict,
  mode       text not null,
  person_id  bigint not null references person on delete restrict,
  bracket    int not null,
  team       text,
  value      bigint not null,
  reached_at timestamptz,
  version    bigint not null,
  constraint tally_pk primary key (contest_id, mode, person_id),
  constraint tally_mode_ck check (mode in ('prize', 'recognition'))
);
create index tally_standing_ix on tally (contest_id, mode, bracket, value desc);
create index tally_among_all_ix on tally (contest_id, mode, value desc);

-- The public standing while it is frozen.
create table frozen_tally (
  contest_id bigint not null references contest on delete restrict,
  mode       text not null,
  person_id  bigint not null references person on delete restrict,
  bracket    int not null,
  team       text,
  value      bigint not null,
  constraint frozen_tally_pk primary key (contest_id, mode, person_id)
);

-- What the clock last found when it looked at a contest; disposable, spares it looking every second.
create table contest_look (
  contest_id bigint not null references contest on delete restrict,
  what       text not null,
  about      text not null,  -- all that the answer depends on; settling: the last change to wait for
  waits_for  bigint[] not null,  -- review: cases
  looked_at  timestamptz not null,
  constraint contest_look_pk primary key (contest_id, what),
  constraint contest_look_what_ck check
    (what in ('settling', 'review', 'snapshot_at_start', 'snapshot_at_end'))
);

-- Entrants whose tally must be counted again.
create table tally_due (
  contest_id bigint not null,
  person_id  bigint not null,
  constraint tally_due_pk primary key (contest_id, person_id)
);

create table decision (
  contest_id     bigint primary key references contest on delete restrict,
  charter_id     bigint not null references charter on delete restrict,
  body           text not null,  -- canonical JSON: places, awards, seed, cut-offs, hashes of the evidence
  sha256         text not null,
  recorded_at    timestamptz not null
);

create table evidence (
  id          bigint generated always as identity primary key,
  contest_id  bigint not null references contest on delete restrict,
  person_id   bigint not null references person on delete restrict,
  body        text not null,  -- canonical JSON: every counted fact
  sha256      text not null,
  recorded_at timestamptz not null,
  constraint evidence_once_uq unique (contest_id, person_id)
);

-- Awards ------------------------------------------------------------------------------------------

create table award_event (
  id          bigint generated always as identity primary key,
  award_id    bigint not null references award on delete restrict,
  kind        text not null,
  person_id   bigint references person on delete restrict,  -- null: the clock
  for_person  bigint references person on delete restrict,  -- acted as the delegate of
  reason      text,
  detail      jsonb not null,
  recorded_at timestamptz not null,
  constraint award_event_kind_ck check (kind in
    ('proposed', 'told', 'evidence_opened', 'approved', 'refused', 'accepted', 'declined', 'lapsed',
     'passed_on', 'voided', 'exported', 'paid', 'recovered', 'chosen', 'shown',
     'date_wished', 'date_confirmed', 'date_refused', 'expired', 'reminded', 'left'))
);
create index award_event_award_ix on award_event (award_id, id);
create index award_event_expires_ix on award_event ((detail->>'expires_on')) where kind = 'accepted';
create index award_event_wish_ix on award_event (award_id) where kind = 'date_wished';
create index award_event_left_ix on award_event (award_id) where kind = 'left';

-- Above so much, two people approve. The newest row of kind and currency holds.
create table approval_limit (
  id          bigint generated always as identity primary key,
  kind        text not null,
  currency    text,
  units       bigint,          -- null: one person approves whatever it is
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint approval_limit_kind_ck check (kind in ('cash', 'days')),
  constraint approval_limit_units_ck check (units >= 0)
);

create table delegation (
  id          bigint generated always as identity primary key,
  from_person bigint not null references person on delete restrict,
  to_person   bigint not null references person on delete restrict,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  recorded_at timestamptz not null,
  constraint delegation_people_ck check (from_person <> to_person),
  constraint delegation_times_ck check (ends_at > starts_at)
);
create table delegation_end (
  delegation_id bigint primary key references delegation on delete restrict,
  ended_by      bigint not null references person on delete restrict,
  recorded_at   timestamptz not null
);

create table tax_note (
  id          bigint generated always as identity primary key,
  country     text not null,   -- ISO 3166-1 alpha-2
  text        text not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint tax_note_country_ck check (country ~ '^[A-Z]{2}$')
);

-- What the company allows itself: cash-or-days, draws. The newest row of a name holds.
create table allowance (
  id          bigint generated always as identity primary key,
  name        text not null,
  allowed     boolean not null,
  reason      text not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint allowance_name_ck check (name in ('cash_or_days', 'draws')),
  constraint allowance_reason_ck check (reason <> '')
);

-- Payouts -----------------------------------------------------------------------------------------

create table payout (
  id          bigint generated always as identity primary key,
  number      text not null,   -- P-2026-0001
  format      text not null,
  kind        text not null,
  currency    text,
  awards      int not null,
  units       bigint not null,
  sha256      text not null,
  person_id   bigint not null references person on delete restrict,
  recorded_at timestamptz not null,
  constraint payout_number_uq unique (number),
  constraint payout_kind_ck check (kind in ('cash', 'days'))
);
create table payout_line (
  payout_id bigint not null references payout on delete restrict,
  award_id  bigint not null references award on delete restrict,
  units     bigint not null,
  constraint payout_line_pk primary key (payout_id, award_id)
);
create unique index payout_line_award_ix on payout_line (award_id);
-- The file as it was downloaded; it holds names, so it can be erased, its hash stays in `payout`.
create table payout_file (
  payout_id bigint primary key references payout on delete restrict,
  name      text not null,
  body      bytea not null
);

-- What payroll calls a person; not a fact: it is corrected, and goes when the person is erased.
create table payroll_number (
  person_id  bigint primary key references person on delete restrict,
  number     text not null,
  changed_by bigint references person on delete restrict,
  changed_at timestamptz not null,
  constraint payroll_number_uq unique (number),
  constraint payroll_number_ck check (number <> '')
);
-- The company's codes in a payout format; the newest row of format and name holds.
create table payout_setting (
  id          bigint generated always as identity primary key,
  format      text not null,
  name        text not null,
  value       text not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null
);
create index payout_setting_format_ix on payout_setting (format, name, id);

create table payment_import (
  id          bigint generated always as identity primary key,
  sha256      text not null,
  rows        int not null,
  paid        int not null,
  mismatches  jsonb not null,   -- line number and reason in words
  person_id   bigint not null references person on delete restrict,
  recorded_at timestamptz not null
);
create table payment (
  award_id    bigint primary key references award on delete restrict,
  import_id   bigint references payment_import on delete restrict,
  reference   text not null,
  paid_on     date not null,
  units       bigint not null,
  person_id   bigint not null references person on delete restrict,
  recorded_at timestamptz not null,
  constraint payment_reference_uq unique (reference, award_id),
  constraint payment_reference_ck check (reference <> '')
);

-- Telling others ----------------------------------------------------------------------------------

-- Written with what it tells, in the same transaction; sent by app/notify.
create table outgoing_event (
  id          uuid primary key,
  type        text not null,
  data        jsonb not null,
  recorded_at timestamptz not null
);
create index outgoing_event_recorded_ix on outgoing_event (recorded_at);
-- A queue, not a fact: events nobody has handed out to the hooks yet.
create table outgoing_waiting (
  event_id uuid primary key references outgoing_event on delete restrict
);

create table notice (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references person on delete restrict,
  kind        text not null,
  detail      jsonb not null,
  key         text not null,   -- the same notice is written once
  recorded_at timestamptz not null,
  constraint notice_once_uq unique (key)
);
create index notice_person_ix on notice (person_id, id);
create table notice_read (
  notice_id bigint primary key references notice on delete restrict,
  read_at   timestamptz not null
);
-- What a person wants to be told: the newest row of person and kind holds.
create table notice_choice (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references person on delete restrict,
  kind        text not null,
  wanted      boolean not null,
  recorded_at timestamptz not null
);
create index notice_choice_person_ix on notice_choice (person_id, kind, id);

do $$
declare fact text;
begin
  foreach fact in array array['budget', 'budget_spender', 'budget_closing', 'contest', 'reservation', 'award', 'transfer',
      'charter', 'contest_event', 'amendment', 'network_override', 'contest_seed', 'entrance', 'placement', 'decision',
      'evidence', 'award_event', 'approval_limit', 'delegation', 'delegation_end', 'tax_note',
      'allowance', 'payout', 'payout_line', 'payout_setting', 'payment_import', 'payment', 'outgoing_event', 'notice'] loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;
