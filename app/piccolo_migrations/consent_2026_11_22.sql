-- What people let Fanfare see of their accounts. Tokens lie here encrypted; the row is no fact but a secret that is
-- replaced as networks renew it, and goes once the account is unlinked and the network was told.
create table consent (
  id          bigint generated always as identity primary key,
  account_id  uuid not null references account on delete restrict,
  person_id   bigint not null references person on delete restrict,
  platform    text not null,
  server      text,
  state       text not null,
  scopes      text[] not null,
  access      bytea,
  refresh     bytea,
  besides     bytea,
  sealed_by   text,
  expires_at  timestamptz,
  ends_at     timestamptz,
  due_at      timestamptz,
  lost_at     timestamptz,
  grace_until timestamptz,
  reason      text,
  given_at    timestamptz not null,
  changed_at  timestamptz not null,
  aside_at    timestamptz,
  aside_with  text,
  constraint consent_state_ck check (state in ('given', 'expiring', 'refused', 'withdrawn')),
  constraint consent_works_ck check (state not in ('given', 'expiring') or access is not null),
  constraint consent_sealed_ck check ((access is null and refresh is null and besides is null) or sealed_by is not null),
  constraint consent_grace_ck check ((state = 'refused') = (grace_until is not null)),
  constraint consent_aside_ck check ((aside_at is null) = (aside_with is null))
);
-- An account is seen by one consent; one that was withdrawn waits beside it until the network was told.
create unique index consent_account_uq on consent (account_id) where state <> 'withdrawn';
create index consent_due_ix on consent (due_at) where due_at is not null;
create index consent_person_ix on consent (person_id);

-- Fanfare as an app at a server where it registered itself.
create table consent_app (
  server        text primary key,
  client_id     text not null,
  client_secret bytea not null,
  sealed_by     text not null,
  scopes        text[] not null,
  redirect_uri  text not null,
  recorded_at   timestamptz not null,
  aside_with    text
);
