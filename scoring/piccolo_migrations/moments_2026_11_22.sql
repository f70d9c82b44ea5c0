-- A company that changes its time zone, and two records that are one person.

-- The company's time zones, each from its moment on. The first row is what the settings said when Fanfare
-- began; without any the settings hold. A change is set ahead, so that nothing counted ever moves.
create table company_zone (
  id          int generated always as identity primary key,
  zone        text not null,
  from_at     timestamptz not null,
  person_id   bigint references person on delete restrict,  -- null: the settings, or a command
  recorded_at timestamptz not null,
  constraint company_zone_once_uq unique (from_at),
  constraint company_zone_ck check (zone <> '' and zone not like '% %')
);

-- A zone is said in one line: its name, or for a company that changed it the names with the moments between
-- them, as in «Europe/Berlin 2026-12-01T05:00:00Z America/New_York».

-- The zone that holds at a moment.
create function fanfare_zone_at(at timestamptz, zones text) returns text
language sql immutable parallel safe as $$
  select words[n] from (select string_to_array(zones, ' ') as words) said
  cross join lateral generate_series(1, cardinality(words), 2) n
  where n = 1 or words[n - 1]::timestamptz <= at
  order by n desc limit 1
$$;

-- What the company's clock shows at a moment.
create function fanfare_local(at timestamptz, zones text) returns timestamp
language sql immutable parallel safe as $$
  select case when strpos(zones, ' ') = 0 then at at time zone zones
    else at at time zone public.fanfare_zone_at(at, zones) end
$$;

-- The first moment of a day in one zone. Of two midnights PostgreSQL takes the later; the day begins with the
-- earlier. A midnight that clocks jump over is the moment of the jump.
create function fanfare_day_begins(day date, zone text) returns timestamptz
language sql immutable parallel safe as $$
  select min(late - back) from (select day::timestamp at time zone zone as late) midnight
  cross join (values (interval '0'), (interval '30 minutes'), (interval '1 hour')) earlier(back)
  where back = interval '0' or (late - back) at time zone zone = day::timestamp
$$;

-- The first moment of a day where the company is: in the first of its zones in which that day begins, or
-- goes on, before the next zone holds.
create function fanfare_midnight(day date, zones text) returns timestamptz
language sql immutable parallel safe as $$
  select case when strpos(zones, ' ') = 0 then public.fanfare_day_begins(day, zones) else (
    select greatest(from_at, public.fanfare_day_begins(day, words[n]))
    from (select string_to_array(zones, ' ') as words) said
    cross join lateral (
      select n, case when n = 1 then '-infinity' else words[n - 1]::timestamptz end as from_at,
        coalesce(words[n + 1]::timestamptz, 'infinity') as until_at
      from generate_series(1, cardinality(words), 2) n) held
    where greatest(from_at, public.fanfare_day_begins(day, words[n])) < until_at
    order by n limit 1) end
$$;

-- Two records that turned out to be one person: from here on the first is read as the second, also for the
-- past; or no longer. The newest row of a record says how it is.
create table same_person (
  id          bigint generated always as identity primary key,
  record_id   bigint not null references person on delete restrict,
  into_id     bigint references person on delete restrict,  -- null: it is a person of its own again
  person_id   bigint references person on delete restrict,  -- who said so; null: a command
  reason      text not null,
  recorded_at timestamptz not null,
  constraint same_person_others_ck check (record_id <> into_id and person_id <> record_id
                                          and person_id <> into_id),
  constraint same_person_reason_ck check (reason <> '')
);
create index same_person_record_ix on same_person (record_id, id);
create index same_person_into_ix on same_person (into_id);
create trigger same_person_append_only before update or delete on same_person
  for each row execute function fanfare_append_only();
create trigger same_person_no_truncate before truncate on same_person
  for each statement execute function fanfare_append_only();

-- What a record owned, said again of the person it is: of several rows of one moment the newest holds.
-- `enrolled_as` is the record whose taking part decides whether something counts; empty: the owner's own.
alter table ownership add column enrolled_as bigint references person on delete restrict;
alter table ownership add column same_person_id bigint references same_person on delete restrict;
alter table ownership drop constraint ownership_once_uq, drop constraint ownership_forward_ck,
  add constraint ownership_once_uq unique nulls not distinct (account_id, effective_at, same_person_id),
  add constraint ownership_forward_ck
    check (effective_at >= recorded_at or same_person_id is not null),
  add constraint ownership_enrolled_ck check (enrolled_as is null or person_id is not null);
