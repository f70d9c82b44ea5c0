-- What stands behind the totals of the people in $1 that are no sums of entries, where the company's
-- zone is $2: different people outside who answered, and what every follower count added to the one
-- before it. Of several counts of one moment the lowest source and count stands.
with answers as (
  select person_id, period, starts_on, count(distinct actor_id) as value
  from (select person_id, actor_id, on_day as day from answered
        where person_id = any($1::bigint[])) a
  cross join lateral ({{periods}}) p(period, starts_on)
  group by 1, 2, 3
), owned as (
  select account_id, person_id, coalesce(enrolled_as, person_id) as record_id, effective_at as from_at,
    lead(effective_at, 1, 'infinity') over (partition by account_id order by effective_at, id) as until_at
  from ownership
  where account_id in (select account_id from ownership where person_id = any($1::bigint[]))
), took_part as (
  select person_id, state, effective_at as from_at,
    lead(effective_at, 1, 'infinity') over (partition by person_id order by effective_at) as until_at
  from enrolment where person_id = any($1::bigint[])
    or person_id in (select enrolled_as from ownership where person_id = any($1::bigint[]))
), stretch as (  -- while an account was a person's who took part
  select o.person_id, o.account_id,
    unnest(range_agg(tstzrange(greatest(o.from_at, t.from_at), least(o.until_at, t.until_at)))) as during
  from owned o join took_part t on t.person_id = o.record_id and t.state = 'active'
    and t.from_at < o.until_at and o.from_at < t.until_at
  group by 1, 2
), counted as (
  select distinct on (s.person_id, s.account_id, s.during, n.observed_at)
    s.person_id, s.account_id, s.during, n.observed_at, n.followers
  from stretch s
  cross join lateral (select * from snapshot n where n.account_id = s.account_id offset 0) n
  where s.during @> n.observed_at
  order by s.person_id, s.account_id, s.during, n.observed_at, n.source, n.followers
), risen as (
  select person_id, fanfare_local(observed_at, $2)::date as day,
    followers - lag(followers) over (
      partition by person_id, account_id, during order by observed_at) as gained
  from counted
), gains as (
  select person_id, period, starts_on, sum(gained)::bigint as value
  from risen cross join lateral ({{periods}}) p(period, starts_on)
  where gained is not null
  group by 1, 2, 3
)
select 'answers' as source, person_id, period, starts_on, value from answers
union all
select 'followers', person_id, period, starts_on, value from gains
