-- How the values of a board lay when its period was over: for every value that somebody had, how many had it
-- or more. It names nobody; with one's own value it tells the rank. A computed answer, made by the clock.
create table past_board (
  metric    text not null,
  period    text not null,
  starts_on date not null,
  made_at   timestamptz not null,
  constraint past_board_pk primary key (metric, period, starts_on)
);
create table past_value (
  metric    text not null,
  period    text not null,
  starts_on date not null,
  value     bigint not null,
  upto      bigint not null,
  constraint past_value_pk primary key (metric, period, starts_on, value)
);
-- A total of a board that is over, or who is shown on it, changed: it is made anew. Without a key, so that
-- whoever notes it waits for nobody.
create table past_change (
  id        bigint generated always as identity primary key,
  metric    text not null,
  period    text not null,
  starts_on date not null
);
