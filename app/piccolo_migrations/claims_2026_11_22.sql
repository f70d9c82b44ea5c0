-- Somebody says that an account is theirs, until it is proven, confirmed, refused or let go. What is written here can
-- be erased; whose an account is stands in `ownership`, decisions in `case_decision`.
create table account_claim (
  id           bigint generated always as identity primary key,
  person_id    bigint not null references person on delete restrict,
  account_id   uuid not null,
  platform     text not null,
  native_id    text not null,
  handle       text not null,
  counts       text not null,
  professional boolean not null,
  disclaimer   boolean not null,
  code         text not null,
  opened_at    timestamptz not null,
  expires_at   timestamptz not null,
  constraint account_claim_code_uq unique (code),
  constraint account_claim_counts_ck check (counts in ('every', 'disclosed', 'handed_in')),
  constraint account_claim_lasts_ck check (expires_at > opened_at)
);
create index account_claim_person_ix on account_claim (person_id, opened_at);
create index account_claim_account_ix on account_claim (account_id);

-- Each time somebody had the network looked at; written before Fanfare goes out, so that none is uncounted.
create table claim_look (
  id          bigint generated always as identity primary key,
  claim_id    bigint not null references account_claim on delete restrict,
  recorded_at timestamptz not null
);
create index claim_look_claim_ix on claim_look (claim_id);

-- Put before an administrator: with whose word against it, where somebody else has the account.
create table claim_request (
  claim_id    bigint primary key references account_claim on delete restrict,
  case_id     bigint not null references case_file on delete restrict,
  holder_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint claim_request_case_uq unique (case_id)
);
create index claim_request_holder_ix on claim_request (holder_id) where holder_id is not null;

-- What either side wrote to it.
create table claim_words (
  claim_id    bigint not null references account_claim on delete restrict,
  person_id   bigint not null references person on delete restrict,
  words       text not null,
  recorded_at timestamptz not null,
  constraint claim_words_pk primary key (claim_id, person_id),
  constraint claim_words_words_ck check (words <> '')
);

-- How it ended, once.
create table claim_end (
  claim_id    bigint primary key references account_claim on delete restrict,
  outcome     text not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint claim_end_outcome_ck check (outcome in ('linked', 'refused', 'let_go'))
);

-- That an account was shown to be somebody's: how, where, by whose word.
create table account_proof (
  id           bigint generated always as identity primary key,
  account_id   uuid not null references account on delete restrict,
  person_id    bigint not null references person on delete restrict,
  how          text not null,
  place        text not null,
  confirmed_by bigint references person on delete restrict,
  recorded_at  timestamptz not null,
  constraint account_proof_how_ck check (how in ('oauth', 'code', 'rel_me', 'did', 'confirmed')),
  constraint account_proof_by_ck check ((how = 'confirmed') = (confirmed_by is not null))
);
create index account_proof_account_ix on account_proof (account_id, person_id);
