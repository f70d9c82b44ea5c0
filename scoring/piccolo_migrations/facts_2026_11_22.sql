-- The fact model of design sections 3 and 5. Facts are appended: a trigger refuses UPDATE and DELETE.
-- Ids of accounts, posts and engagements are hashes of what the network calls them (scoring/identity.py),
-- so that workers in any number and order arrive at the same rows.

create function fanfare_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('fanfare.forgetting', true) = 'on' then
    return old;  -- the retention job and a person's erasure, nobody else
  end if;
  raise exception '% is append-only: record a new fact instead of % ', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end $$;

-- People ------------------------------------------------------------------------------------------

create table department (
  id   int generated always as identity primary key,
  name text not null,
  constraint department_name_uq unique (name),
  constraint department_name_ck check (name <> '')
);

create table office (
  id   int generated always as identity primary key,
  name text not null,
  constraint office_name_uq unique (name),
  constraint office_name_ck check (name <> '')
);

create table person (
  id          bigint generated always as identity primary key,
  recorded_at timestamptz not null
);

-- What can be erased of a person; facts hold only person.id.
create table profile (
  person_id      bigint primary key references person on delete restrict,
  email          text not null,
  name           text not null,
  alias          text,
  department_id  int references department on delete restrict,
  office_id      int references office on delete restrict,
  visibility     text not null,
  opens_networks boolean not null,
  opens_mix      boolean not null,
  opens_gain     boolean not null,
  constraint profile_email_ck check (email <> ''),
  constraint profile_name_ck check (name <> ''),
  constraint profile_alias_ck check (alias <> ''),
  constraint profile_visibility_ck check (visibility in ('name', 'alias', 'hidden')),
  constraint profile_alias_shown_ck check (visibility <> 'alias' or alias is not null)
);
create unique index profile_email_uq on profile (lower(email));
create index profile_department_ix on profile (department_id);
create index profile_office_ix on profile (office_id);
create index profile_name_ix on profile (lower(name) text_pattern_ops);

-- State from effective_at on, until the next row: half-open intervals without an update.
create table enrolment (
  id           bigint generated always as identity primary key,
  person_id    bigint not null references person on delete restrict,
  effective_at timestamptz not null,
  state        text not null,
  recorded_at  timestamptz not null,
  constraint enrolment_once_uq unique (person_id, effective_at),
  constraint enrolment_state_ck check (state in ('active', 'paused', 'left')),
  constraint enrolment_forward_ck check (effective_at >= recorded_at)
);

-- Accounts ----------------------------------------------------------------------------------------

-- Only accounts that somebody linked or that are the company's; outsiders are hashes in engagement.
create table account (
  id          uuid primary key,
  platform    text not null,
  native_id   text not null,
  recorded_at timestamptz not null,
  constraint account_identity_uq unique (platform, native_id),
  constraint account_native_ck check (native_id <> '')
);

-- What can be erased of an account.
create table account_face (
  account_id   uuid primary key references account on delete restrict,
  handle       text not null,
  url          text,
  professional boolean not null,
  disclaimer   boolean not null,
  constraint account_face_handle_ck check (handle <> '')
);

create table ownership (
  id           bigint generated always as identity primary key,
  account_id   uuid not null references account on delete restrict,
  effective_at timestamptz not null,
  person_id    bigint references person on delete restrict,
  company      boolean not null,
  counts       text,
  recorded_at  timestamptz not null,
  constraint ownership_once_uq unique (account_id, effective_at),
  constraint ownership_one_owner_ck check (not (company and person_id is not null)),
  constraint ownership_counts_ck check (counts in ('every', 'disclosed', 'handed_in')),
  constraint ownership_counts_person_ck check ((person_id is null) = (counts is null)),
  constraint ownership_forward_ck check (effective_at >= recorded_at)
);
create index ownership_person_ix on ownership (person_id);

-- Deliveries --------------------------------------------------------------------------------------

create sequence delivery_id_seq;
create table delivery (
  id           bigint not null default nextval('delivery_id_seq'),
  recorded_on  date not null,
  platform     text not null,
  source       text not null,
  delivery_key text not null,
  headers      jsonb not null,
  body         bytea not null,
  received_at  timestamptz not null,
  constraint delivery_pk primary key (recorded_on, id),
  constraint delivery_once_uq unique (recorded_on, platform, delivery_key),
  constraint delivery_key_ck check (delivery_key <> ''),
  constraint delivery_source_ck check (source in ('webhook', 'stream', 'poll', 'import', 'hand')),
  constraint delivery_body_ck check (octet_length(body) <= 1048576)
) partition by range (recorded_on);
create table delivery_default partition of delivery default;

-- A queue, not a fact: what no worker has finished. No reference, so that old deliveries can go by partition.
create table pending_delivery (
  delivery_id bigint primary key,
  recorded_on date not null
);

-- Deliveries that did not simply become facts. The newest row of a delivery says where it stands.
create table delivery_outcome (
  id          bigint generated always as identity primary key,
  delivery_id bigint not null,
  recorded_on date not null,
  platform    text not null,
  outcome     text not null,
  reason      text not null,
  recorded_at timestamptz not null,
  constraint delivery_outcome_ck check (outcome in ('ignored', 'set_aside', 'retried', 'processed')),
  constraint delivery_outcome_reason_ck check (reason <> '')
);
create index delivery_outcome_delivery_ix on delivery_outcome (delivery_id, id);
create index delivery_outcome_kind_ix on delivery_outcome (outcome, recorded_at);

-- What happened -----------------------------------------------------------------------------------

create table engagement (
  id          uuid not null,
  platform    text not null,
  kind        text not null,
  native_id   text not null,
  native_key  uuid not null,
  actor_id    uuid,
  target_id   uuid,
  post_id     uuid,
  thread_id   uuid,
  occurred_at timestamptz not null,
  dated       text not null,
  source      text not null,
  delivery_id bigint,
  recorded_at timestamptz not null,
  constraint engagement_pk primary key (id),
  constraint engagement_kind_ck check (kind in
    ('post', 'reaction', 'reply', 'reshare', 'quote', 'mention', 'follow', 'click')),
  constraint engagement_native_ck check (native_id <> ''),
  constraint engagement_dated_ck check (dated in ('network', 'received')),
  constraint engagement_sides_ck check (actor_id is not null or target_id is not null)
) partition by hash (id);
-- Four: enough for parallel vacuum and index builds on a small machine, few enough that a look-up
-- by account, which must ask every partition, stays cheap.
create table engagement_p0 partition of engagement for values with (modulus 4, remainder 0);
create table engagement_p1 partition of engagement for values with (modulus 4, remainder 1);
create table engagement_p2 partition of engagement for values with (modulus 4, remainder 2);
create table engagement_p3 partition of engagement for values with (modulus 4, remainder 3);
create index engagement_target_ix on engagement (target_id, kind, occurred_at);
create index engagement_actor_ix on engagement (actor_id, kind, occurred_at);
create index engagement_post_ix on engagement (post_id, kind, occurred_at);
create index engagement_native_ix on engagement (native_key);

-- Another name of the same engagement (a boost's own status id beside «who boosted what»).
create table alias (
  id            bigint generated always as identity primary key,
  native_key    uuid not null,
  engagement_id uuid not null,
  recorded_at   timestamptz not null,
  constraint alias_once_uq unique (engagement_id, native_key)
);
create index alias_native_ix on alias (native_key);

-- Every name of every engagement: its own and its further ones.
create view called as
  select native_key as name, id as engagement_id from engagement
  union all
  select native_key, engagement_id from alias;

-- A better time for an engagement told twice: the network's before ours, then the earlier.
-- Carries the engagement's parties, so that a window finds what was moved into it by index.
create table retiming (
  id            bigint generated always as identity primary key,
  engagement_id uuid not null,
  kind          text not null,
  actor_id      uuid,
  target_id     uuid,
  post_id       uuid,
  occurred_at   timestamptz not null,
  dated         text not null,
  recorded_at   timestamptz not null,
  constraint retiming_once_uq unique (engagement_id, occurred_at, dated),
  constraint retiming_dated_ck check (dated in ('network', 'received'))
);
create index retiming_target_ix on retiming (target_id, kind, occurred_at);
create index retiming_actor_ix on retiming (actor_id, kind, occurred_at);
create index retiming_post_ix on retiming (post_id, kind, occurred_at);

create table removal (
  native_key  uuid primary key,
  platform    text not null,
  native_id   text not null,
  delivery_id bigint,
  recorded_at timestamptz not null,
  constraint removal_native_ck check (native_id <> '')
);

create table figure (
  id          bigint generated always as identity primary key,
  post_id     uuid not null,
  kind        text not null,
  value       bigint not null,
  observed_at timestamptz not null,
  source      text not null,
  recorded_at timestamptz not null,
  constraint figure_once_uq unique (post_id, kind, observed_at, source, value),
  constraint figure_value_ck check (value >= 0)
);

create table snapshot (
  id          bigint generated always as identity primary key,
  account_id  uuid not null,
  followers   bigint not null,
  observed_at timestamptz not null,
  source      text not null,
  recorded_at timestamptz not null,
  constraint snapshot_once_uq unique (account_id, observed_at, source, followers),
  constraint snapshot_followers_ck check (followers >= 0)
);

-- Told by every source that describes the post; readers take the earliest telling.
create table post (
  id           bigint generated always as identity primary key,
  post_id      uuid not null,
  platform     text not null,
  native_id    text not null,
  author_id    uuid not null,
  published_at timestamptz not null,
  recorded_at  timestamptz not null,
  constraint post_once_uq unique (post_id, published_at, author_id)
);
create index post_author_ix on post (author_id, published_at);

-- What can be erased of a post; kept only for posts of linked and company accounts.
create table post_text (
  post_id     uuid primary key,
  text        text,
  url         text,
  recorded_at timestamptz not null
);

create table mark (
  id           bigint generated always as identity primary key,
  post_id      uuid not null,
  name         text not null,
  value        text,
  person_id    bigint references person on delete restrict,
  effective_at timestamptz not null,
  recorded_at  timestamptz not null,
  constraint mark_once_uq unique nulls not distinct (post_id, name, value),
  constraint mark_name_ck check (name in ('disclosed', 'story', 'handed_in', 'topic')),
  constraint mark_topic_ck check ((name in ('topic', 'story')) or value is null),
  constraint mark_topic_value_ck check (name <> 'topic' or value <> '')
);

-- Deciding ----------------------------------------------------------------------------------------

create table case_file (
  id          bigint generated always as identity primary key,
  kind        text not null,
  person_id   bigint references person on delete restrict,
  reason      text not null,
  evidence    jsonb not null,
  recorded_at timestamptz not null,
  constraint case_file_kind_ck check (kind <> ''),
  constraint case_file_reason_ck check (reason <> '')
);

create table case_decision (
  id          bigint generated always as identity primary key,
  case_id     bigint not null references case_file on delete restrict,
  decided_by  bigint not null references person on delete restrict,
  outcome     text not null,
  reason      text not null,
  recorded_at timestamptz not null,
  constraint case_decision_once_uq unique (case_id),
  constraint case_decision_outcome_ck check (outcome in ('upheld', 'released')),
  constraint case_decision_reason_ck check (reason <> '')
);

create table hold (
  id            bigint generated always as identity primary key,
  engagement_id uuid not null,
  case_id       bigint not null references case_file on delete restrict,
  held          boolean not null,
  recorded_at   timestamptz not null
);
create index hold_engagement_ix on hold (engagement_id, id);

-- What it is worth --------------------------------------------------------------------------------

create table rulebook (
  id          int generated always as identity primary key,
  name        text not null,
  toml        text not null,
  sha256      text not null,
  valid_from  timestamptz not null,
  recorded_at timestamptz not null,
  person_id   bigint references person on delete restrict,
  constraint rulebook_name_ck check (name <> '')
);

create sequence entry_id_seq;
create table entry (
  id            bigint not null default nextval('entry_id_seq'),
  recorded_on   date not null,
  person_id     bigint not null references person on delete restrict,
  rule          text not null,
  relation      text not null,
  rule_window   text not null,
  key           uuid not null,
  points        int not null,
  reason        text not null,
  occurred_at   timestamptz not null,
  engagement_id uuid,
  rulebook_id   int not null references rulebook on delete restrict,
  recorded_at   timestamptz not null,
  constraint entry_pk primary key (recorded_on, id),
  constraint entry_points_ck check (points <> 0),
  constraint entry_reason_ck check (reason in ('counted', 'reversed'))
) partition by range (recorded_on);
create table entry_default partition of entry default;
create index entry_window_ix on entry (person_id, rule, rule_window);
create index entry_person_ix on entry (person_id, occurred_at);

-- Computed answers: kept beside the entries in the same transaction, rebuilt by `fanfare rebuild-boards`.
create table total (
  metric    text not null,
  period    text not null,
  starts_on date not null,
  person_id bigint not null references person on delete restrict,
  value     bigint not null,
  version   bigint not null,
  constraint total_pk primary key (metric, period, starts_on, person_id),
  constraint total_period_ck check (period in ('day', 'week', 'month', 'season', 'all')),
  constraint total_version_ck check (version > 0)
);
create index total_person_ix on total (person_id, period, starts_on);

-- Queues ------------------------------------------------------------------------------------------

-- Facts whose consequences no worker has folded yet.
create table change (
  id         bigint generated always as identity primary key,
  subject    text not null,
  subject_id uuid,
  person_id  bigint,
  since_at   timestamptz,
  constraint change_subject_ck check (subject in
    ('engagement', 'native', 'post', 'account', 'person'))
);

-- Totals whose boards have not been told yet.
create table outbox (
  id        bigint generated always as identity primary key,
  metric    text not null,
  period    text not null,
  starts_on date not null,
  person_id bigint not null,
  value     bigint not null,
  version   bigint not null,
  audience  text  -- null: all the person's boards; else the one whose audience the person has left
);

create table audit (
  id          bigint generated always as identity primary key,
  person_id   bigint references person on delete restrict,
  action      text not null,
  subject     text not null,
  detail      jsonb not null,
  recorded_at timestamptz not null,
  constraint audit_action_ck check (action <> ''),
  constraint audit_subject_ck check (subject <> '')
);

do $$
declare fact text;
begin
  foreach fact in array array['person', 'enrolment', 'account', 'ownership', 'delivery',
      'delivery_outcome', 'engagement', 'alias', 'retiming', 'removal', 'figure', 'snapshot',
      'post', 'mark', 'case_file', 'case_decision', 'hold', 'rulebook', 'entry', 'audit'] loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;
