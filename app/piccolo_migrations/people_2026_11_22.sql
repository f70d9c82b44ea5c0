-- Who may sign in, who holds which role, what was accepted. A role and an acceptance are facts.

create table credential (
  person_id     bigint primary key references person on delete restrict,
  password_hash text not null,
  changed_at    timestamptz not null,
  constraint credential_hash_ck check (password_hash like '$argon2id$%')
);

-- State from recorded_at on, until the next row of the person and role. Everybody is an employee.
create table role_grant (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references person on delete restrict,
  role        text not null,
  granted     boolean not null,
  granted_by  bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint role_grant_role_ck check (role in ('hr', 'communications', 'leader', 'administrator')),
  constraint role_grant_others_ck check (granted_by <> person_id)
);
create index role_grant_person_ix on role_grant (person_id, role, id);

-- Only the hash of a link is kept. Demo links can be used again, the others once.
create table one_time_link (
  token_hash bytea primary key,
  person_id  bigint not null references person on delete restrict,
  purpose    text not null,
  made_at    timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz,
  constraint one_time_link_hash_ck check (octet_length(token_hash) = 32),
  constraint one_time_link_purpose_ck check (purpose in ('first_admin', 'invite', 'demo')),
  constraint one_time_link_expiry_ck check (expires_at > made_at)
);
create index one_time_link_person_ix on one_time_link (person_id);

create table policy (
  version     int generated always as identity primary key,
  text        text not null,
  recorded_at timestamptz not null,
  constraint policy_text_ck check (text <> '')
);

create table policy_acceptance (
  id             bigint generated always as identity primary key,
  person_id      bigint not null references person on delete restrict,
  policy_version int not null references policy on delete restrict,
  recorded_at    timestamptz not null,
  constraint policy_acceptance_once_uq unique (person_id, policy_version)
);

do $$
declare fact text;
begin
  foreach fact in array array['role_grant', 'policy', 'policy_acceptance'] loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;
