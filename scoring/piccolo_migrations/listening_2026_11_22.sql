-- Deeds that a stream told and whose delivery may still wait to be read: what is undone at once is undone. Whose
-- they are, where all that an account did can be undone by a word.
create table stream_deed (
  native_key uuid primary key,
  actor_id uuid,
  native_id text,
  heard_at timestamptz not null,
  constraint stream_deed_actor_ck check ((actor_id is null) = (native_id is null))
);
create index stream_deed_heard_ix on stream_deed (heard_at);
create index stream_deed_actor_ix on stream_deed (actor_id) where actor_id is not null;

-- How listening to each stream goes: for /metrics, `fanfare doctor` and the page of connections.
create table stream_state (
  stream text primary key,
  network text not null,
  state text not null,
  words text not null,
  changed_at timestamptz not null,
  seen_at timestamptz not null,
  events bigint not null,
  kept bigint not null,
  gaps bigint not null,
  constraint stream_state_ck check (state in ('heard', 'waiting', 'away'))
);

-- How far a stream whose positions are no numbers was heard.
create table stream_mark (
  stream text primary key,
  mark text not null,
  noted_at timestamptz not null
);

-- What an account of ours has on a server now, by the server's numbers: what is missing later was taken back.
create table stream_status (
  id bigint generated always as identity primary key,
  stream text not null,
  number text not null,
  heard_at timestamptz not null,
  constraint stream_status_once_uq unique (stream, number)
);
