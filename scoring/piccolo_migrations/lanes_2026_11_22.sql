-- Changes are taken in turns, one person after another, and in lanes, each by one worker at a time: two
-- workers do not wait for each other, and whoever much happens about delays nobody else.

alter table change
  -- The person whom it mainly concerns, as far as it is known when it is noted. A guess that decides who
  -- counts it when, never what it counts.
  add column whose bigint,
  -- What is about one person has one turn. A queue computes it: what is noted by hand has one, too.
  add column turn int not null generated always as
    (coalesce(hashint8(coalesce(whose, person_id)), uuid_hash(subject_id), 0)) stored;
create index change_turn_ix on change (turn, id);

-- Take up to `most` changes, of each turn up to `each`, from the turn after `beyond` on and round to it again.
-- A lane is a thirty-second of all turns. Whoever takes from it holds it until the transaction ends; lanes
-- that others hold are passed over, never waited for. The last row says where the next call goes on.
create function fanfare_take_changes(most int, each int, beyond int)
returns table (subject text, subject_id uuid, person_id bigint, since_at timestamptz, turn int)
language plpgsql
-- A queue is empty when its statistics are made and its plans are kept: what is right then is not in a backlog.
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
as $$
declare
  room int := most;
  after bigint := beyond;       -- turns up to this one were looked at
  round_again boolean := false;
  found int;
  lane int;
  lane_ends bigint;
  places tid[];
  seen int;
  last int;
begin
  while room > 0 loop
    select c.turn into found from change c where c.turn > after order by c.turn limit 1;
    if found is null then
      exit when round_again;
      round_again := true;
      after := -2147483649;
      continue;
    end if;
    exit when round_again and found > beyond;
    lane := found >> 27;
    lane_ends := ((lane + 1)::bigint << 27) - 1;
    if not pg_try_advisory_xact_lock(1818324577, lane) then  -- "lane"
      after := lane_ends;
      continue;
    end if;
    if round_again then
      lane_ends := least(lane_ends, beyond);
    end if;
    select array_agg(one.place order by one.turn, one.id) filter (where one.nth <= each),
           count(*), max(one.turn)
    into places, seen, last
    from (select q.place, q.turn, q.id, row_number() over (partition by q.turn order by q.id) as nth
          from (select c.ctid as place, c.turn, c.id from change c
                where c.turn > after and c.turn <= lane_ends order by c.turn, c.id limit room) q) one;
    if places is not null then
      return query delete from change c where c.ctid = any(places)
        returning c.subject, c.subject_id, c.person_id, c.since_at, last;
      room := room - cardinality(places);
    end if;
    after := case when seen < room + coalesce(cardinality(places), 0) then lane_ends else last end;
  end loop;
end $$;

-- Queues are emptied as fast as they fill: what is left of them is swept up by how much there is of it.
alter table change set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
alter table pending_delivery set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
alter table touched set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
