-- What may be shown of people beside figures, as an administrator agreed it with the works council. The
-- newest row holds; without one people are shown as they chose.
create table council (
  id          bigint generated always as identity primary key,
  teams_only  boolean not null,
  least_size  int not null,
  reason      text not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint council_least_size_ck check (least_size between 3 and 100),
  constraint council_reason_ck check (reason <> '')
);
create trigger council_append_only before update or delete on council
  for each row execute function fanfare_append_only();
create trigger council_no_truncate before truncate on council
  for each statement execute function fanfare_append_only();
