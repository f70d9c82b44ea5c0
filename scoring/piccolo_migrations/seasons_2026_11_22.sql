-- Named seasons: stretches of days, both included, that stand in for the calendar's quarters. No two overlap;
-- they begin after the day they are set, so that nothing counted ever moves into another season.
create table season (
  id          int generated always as identity primary key,
  name        text not null,
  starts_on   date not null,
  ends_on     date not null,
  recorded_at timestamptz not null,
  constraint season_name_ck check (name <> ''),
  constraint season_order_ck check (starts_on <= ends_on),
  constraint season_apart_ex exclude using gist (daterange(starts_on, ends_on, '[]') with &&)
);

-- The first day of the season that holds a day: a named one, or what they leave of the quarter.
create function fanfare_season_starts(day date) returns date language sql stable as $$
  select coalesce(
    (select s.starts_on from public.season s where day between s.starts_on and s.ends_on),
    greatest(date_trunc('quarter', day)::date,
             (select max(s.ends_on) + 1 from public.season s where s.ends_on < day)))
$$;
