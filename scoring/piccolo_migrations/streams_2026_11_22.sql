-- How far each stream that Fanfare listens to was heard, in that stream's own numbers.
create table stream_position (
  stream text primary key,
  position bigint not null,
  heard_at timestamptz not null
);

-- Whoever listens to people's accounts hears at once that one changed hands, was linked or unlinked.
create function fanfare_accounts_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('fanfare_accounts', '');
  return null;
end $$;
create trigger accounts_changed after insert on ownership
  for each statement execute function fanfare_accounts_changed();
