-- Outgoing webhooks: who is told what, and how that went. The secret of a hook is derived, not stored.

create table hook (
  id          int generated always as identity primary key,
  label       text not null,
  url         text not null,
  events      jsonb not null,  -- types of events, a list
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint hook_label_ck check (label <> ''),
  constraint hook_url_ck check (url ~ '^https?://'),
  constraint hook_events_ck check (jsonb_array_length(events) > 0)
);

-- What was decided about a hook since; the newest row of paused, resumed, disabled, removed holds.
create table hook_change (
  id          bigint generated always as identity primary key,
  hook_id     int not null references hook on delete restrict,
  change      text not null,
  person_id   bigint references person on delete restrict,  -- null: Fanfare itself
  recorded_at timestamptz not null,
  constraint hook_change_ck check (change in ('paused', 'resumed', 'disabled', 'removed', 'rotated'))
);
create index hook_change_hook_ix on hook_change (hook_id, id);

-- A queue: one row for each hook and event; `next_at` null means that nothing is to be sent.
create table hook_delivery (
  id       bigint generated always as identity primary key,
  hook_id  int not null references hook on delete restrict,
  event_id uuid not null references outgoing_event on delete restrict,
  state    text not null,
  attempts int not null,
  next_at  timestamptz,
  constraint hook_delivery_once_uq unique (hook_id, event_id),
  constraint hook_delivery_state_ck check (state in ('waiting', 'delivered', 'given_up')),
  constraint hook_delivery_next_ck check ((state = 'waiting') = (next_at is not null))
);
create index hook_delivery_due_ix on hook_delivery (next_at) where next_at is not null;
create index hook_delivery_hook_ix on hook_delivery (hook_id, id);

create table hook_attempt (
  id          bigint generated always as identity primary key,
  delivery_id bigint not null references hook_delivery on delete restrict,
  status      int,             -- null: there was no answer
  said        text not null,   -- why it failed, or the beginning of the answer
  took_ms     int not null,
  recorded_at timestamptz not null
);
create index hook_attempt_delivery_ix on hook_attempt (delivery_id, id);

do $$
declare fact text;
begin
  foreach fact in array array['hook', 'hook_change', 'hook_attempt'] loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;
