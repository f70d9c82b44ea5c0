-- Who outside answered these people on which day, by the facts against what is kept of it.
with expected as (
  select distinct person_id, actor_id,
    fanfare_local(at, current_setting('fanfare.zone'))::date as on_day
  from v_seen where relation = 'earned' and kind in ('reply', 'quote') and actor_id is not null
), found as (
  select a.person_id, a.actor_id, a.on_day from v_person
  cross join lateral (select * from answered a where a.person_id = v_person.person_id offset 0) a
)
select person_id, on_day, count(expected.actor_id) as expected, count(found.actor_id) as found
from expected full join found using (person_id, actor_id, on_day)
group by 1, 2
having bool_or((expected.actor_id is null) <> (found.actor_id is null))
order by 1, 2
limit 10000
