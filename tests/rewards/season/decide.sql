-- Who wins what in a contest, from values, the charter's own text and the seed, in plain SQL. Nothing here
-- was taken from the code that decides; it is written from the official rules.
-- $1: the contest. Values stand in s_value (mode, person_id, value, reached_at), moments at which
-- thresholds were reached in s_goal (mode, person_id, goal, at), who cannot win in s_barred (person_id).
with terms as (
  select c.body::jsonb as t, s.seed
  from charter c join contest_seed s on s.charter_sha256 = c.sha256
  where c.contest_id = $1 order by c.id desc limit 1
), prize as (
  select (p->>'number')::int as number, p->>'kind' as kind, p->>'among' as among,
    (p->>'first_place')::int as first_place, (p->>'last_place')::int as last_place,
    (p->>'reach')::bigint as reach, (p->>'at_most')::int as at_most,
    coalesce((p->'amounts'->0->>'units')::bigint, 0) as units,
    p->'amounts'->0->>'currency' as currency, p->'budgets'->>0 as budget,
    case when p->>'kind' = 'recognition' then 'recognition' else 'prize' end as mode
  from terms, jsonb_array_elements(t->'prizes') p
), bound as (
  select greatest(1, (t->>'least')::bigint) as least, t->>'who' as who,
    (t->>'team_least')::int as team_least, t->'breakers' ? 'earliest' as earliest,
    t->'breakers' ? 'pool' as pool, seed
  from terms
), entrant as (
  select p.person_id, p.bracket, p.team, v.mode, v.value, v.reached_at,
    not exists (select from s_barred b where b.person_id = p.person_id) as eligible
  from placement p join s_value v using (person_id)
  where p.contest_id = $1
    and (select e.state from entrance e where e.contest_id = $1 and e.person_id = p.person_id
         order by e.id desc limit 1) = 'entered'
), side as (
  select mode, bracket, null::text as team, person_id, value::numeric as value, reached_at,
    sha256(seed || convert_to(':' || person_id, 'UTF8')) as nobody_knew
  from entrant, bound where who = 'people' and eligible and value >= least
  union all
  select mode, null, team, null, avg(value), max(reached_at),
    sha256(min(seed) || convert_to(':' || team, 'UTF8'))
  from entrant, bound where who <> 'people' and team is not null
  group by mode, team, team_least, least
  having count(*) >= team_least and bool_or(eligible) and avg(value) >= least
), scoped as (  -- every side stands in its bracket, and among all
  select side.*, 'each' as among, coalesce(bracket, 0) as scope from side
  union all
  select side.*, 'all', null from side
), placed as (
  select s.*,
    rank() over stand as rank,
    count(*) over (partition by mode, among, scope, value, case when earliest then reached_at end)
      as tied,
    row_number() over (partition by mode, among, scope, value, case when earliest then reached_at end
                       order by nobody_knew) as nth
  from scoped s, bound
  window stand as (partition by mode, among, scope
                   order by value desc, case when earliest then reached_at end nulls last)
), rung as (
  select mode, among, place, number, kind, units, currency, budget
  from prize, generate_series(first_place, last_place) place where first_place is not null
), shared as (  -- what the places of those who tie are worth together
  select p.mode, p.among, p.scope, p.rank, p.tied, sum(r.units) as units,
    (array_agg(r.number order by r.place))[1] as number
  from (select distinct mode, among, scope, rank, tied from placed where tied > 1) p
  join rung r on r.mode = p.mode and r.among = p.among
    and r.place >= p.rank and r.place < p.rank + p.tied
  cross join bound
  where bound.pool
  group by p.mode, p.among, p.scope, p.rank, p.tied
  having bool_and(r.kind = 'cash') and count(distinct r.budget) = 1
), won as (
  select p.*, s.number, s.rank as place, div(s.units, s.tied)
      + case when p.nth <= mod(s.units, s.tied) then 1 else 0 end as units, 'EUR' as currency
  from placed p join shared s using (mode, among, scope, rank, tied)
  union all
  select p.*, r.number, r.place, r.units, r.currency
  from placed p join rung r on r.mode = p.mode and r.among = p.among and r.place = p.rank + p.nth - 1
  where not exists (select from shared s where s.mode = p.mode and s.among = p.among
                    and s.scope is not distinct from p.scope and s.rank = p.rank)
), reached as (
  select s.*, z.number, z.units, z.currency, row_number() over (
      partition by z.number, s.scope
      order by case when z.kind <> 'draw' then g.at end nulls last,
        case when z.kind = 'draw' then sha256(
          bound.seed || convert_to(':draw:' || z.number || ':' || s.person_id, 'UTF8'))
        else s.nobody_knew end) as nth, z.at_most
  from prize z
  join scoped s on s.mode = z.mode and s.among = z.among and z.reach is not null
  cross join bound
  left join s_goal g on g.mode = s.mode and g.person_id = s.person_id
    and g.goal = greatest(z.reach, bound.least)
  where s.value >= greatest(z.reach, bound.least)
), every as (
  select number, place::int as place, scope, team, person_id, units, currency from won where units > 0
    or currency is null
  union all
  select number, null, scope, team, person_id, units, currency from reached where nth <= at_most
)
select number as prize, place, case when among.each then scope end as bracket, w.person_id,
  w.units::bigint as units
from (
  select number, place, scope, person_id, units from every where team is null
  union all
  -- A team's money is shared by those of it who can win, a cent more for who comes first by the order.
  select e.number, e.place, e.scope, m.person_id,
    case when e.currency is null then e.units else
      div(e.units, m.members) + case when m.nth <= mod(e.units, m.members) then 1 else 0 end end
  from every e join (
    select distinct on (team, person_id) team, person_id,
      count(*) over (partition by mode, team) as members,
      row_number() over (partition by mode, team order by
        sha256(seed || convert_to(':' || person_id, 'UTF8'))) as nth
    from entrant, bound where eligible) m on m.team = e.team
) w
join (select number, among = 'each' as each from prize) among using (number)
where w.units > 0 or exists (select from prize z where z.number = w.number and z.kind = 'recognition')
order by 1, 3, 2, 4
