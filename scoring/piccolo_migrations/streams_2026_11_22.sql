-- How far each stream that Fanfare listens to was heard, in that stream's own numbers.
create table stream_position (
  stream text primary key,
  position bigint not null,
  heard_at timestamptz not null
);
