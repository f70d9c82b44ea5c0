-- Boards of calendar quarters, and of seasons only where one has a name: without, it would be the quarter's,
-- or what is left of it, once more.
alter table total drop constraint total_period_ck;
alter table total add constraint total_period_ck
  check (period in ('day', 'week', 'month', 'quarter', 'season', 'all'));

-- What adds up from month to month; different people outside do not, and are counted anew.
insert into total (metric, period, starts_on, person_id, value, version)
select metric, 'quarter', date_trunc('quarter', starts_on)::date, person_id, sum(value)::bigint, 1
from total where period = 'month' and metric <> 'responses'
group by metric, date_trunc('quarter', starts_on), person_id
union all
select 'responses', 'quarter', date_trunc('quarter', on_day)::date, person_id, count(distinct actor_id), 1
from answered group by date_trunc('quarter', on_day), person_id;

-- Totals are computed answers, no facts.
delete from outbox where period = 'season' and starts_on not in (select starts_on from season);
delete from total where period = 'season' and starts_on not in (select starts_on from season);
