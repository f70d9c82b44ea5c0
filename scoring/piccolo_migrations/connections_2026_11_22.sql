-- What an administrator decided about a network instead of its own policy; the newest that holds speaks.
create table policy_override (
  id           int generated always as identity primary key,
  platform     text not null,
  about        text not null,
  mode         text not null,
  reason       text not null,
  person_id    bigint references person on delete restrict,
  effective_at timestamptz not null,
  recorded_at  timestamptz not null,
  constraint policy_override_platform_ck check (platform <> ''),
  constraint policy_override_reason_ck check (reason <> '' and length(reason) <= 500),
  constraint policy_override_mode_ck check (
    (about = 'incentive' and mode in ('cash', 'recognition', 'off', 'own'))
    or (about = 'member_data' and mode in ('on', 'off')))
);
create index policy_override_platform_ix on policy_override (platform, about, effective_at);
call fanfare_guard('policy_override');

-- How often a network's address refused somebody, and why, by the hour. Nothing of what was sent is here.
create table refusal (
  platform text not null,
  reason   text not null,
  hour_at  timestamptz not null,
  times    bigint not null,
  last_at  timestamptz not null,
  primary key (platform, hour_at, reason),
  constraint refusal_times_ck check (times > 0)
);

-- Which of a network's secrets proved something last; a secret is known by a keyed digest alone.
create table secret_use (
  platform    text not null,
  setting     text not null,
  fingerprint text not null,
  used_for    text not null,
  last_at     timestamptz not null,
  primary key (platform, setting, fingerprint, used_for),
  constraint secret_use_used_for_ck check (used_for in ('delivery', 'handshake'))
);
