-- While an account was somebody's and they took part; what it was counted at then; where it began and
-- ended. A begin or end that nobody counted within a day is null, and who misses one has nothing.
-- $1, $2: the contest's start and end; {{value}}: what gained and base come to.
with whole as (
  select o.person_id, o.account_id, unnest(range_agg(
      tstzrange(greatest(o.from_at, s.from_at, $1::timestamptz - interval '24 hours'),
                least(o.until_at, s.until_at, $2::timestamptz + interval '24 hours')))) as stretch
  from v_owner o join v_person using (person_id)
  join v_state s on s.person_id = o.record_id and s.state = 'active'
    and s.from_at < o.until_at and o.from_at < s.until_at
  where greatest(o.from_at, s.from_at, $1::timestamptz - interval '24 hours')
        < least(o.until_at, s.until_at, $2::timestamptz + interval '24 hours')
  group by 1, 2
), gain as (
  select w.person_id, w.account_id, lower(stretch) as from_at,
    first.followers is null or last.followers is null as missing, first.followers as first,
    case when last.observed_at < first.observed_at then first.followers else last.followers end
      as last
  from whole w
  left join lateral (
    select n.observed_at, n.followers from snapshot n
    where n.account_id = w.account_id and stretch @> n.observed_at
      and (lower(stretch) > $1::timestamptz or abs(extract(epoch from n.observed_at - $1::timestamptz)) <= 86400)
    order by case when lower(stretch) <= $1 then abs(extract(epoch from n.observed_at - $1::timestamptz)) end,
      n.observed_at, n.source, n.followers limit 1) first on true
  left join lateral (
    select n.observed_at, n.followers from snapshot n
    where n.account_id = w.account_id and stretch @> n.observed_at
      and (upper(stretch) < $2 or abs(extract(epoch from n.observed_at - $2::timestamptz)) <= 86400)
    order by case when upper(stretch) >= $2 then abs(extract(epoch from n.observed_at - $2::timestamptz)) end,
      case when upper(stretch) >= $2 then n.observed_at end,
      case when upper(stretch) < $2 then n.observed_at end desc, n.source, n.followers
    limit 1) last on true
  where lower(stretch) < $2 and upper(stretch) > $1
    and exists (select from snapshot n
                where n.account_id = w.account_id and stretch @> n.observed_at)
), person as (
  select person_id, bool_or(missing) as missing, sum(last - first) as gained,
    (select sum(b.first) from (select distinct on (account_id) first from gain g
                               where g.person_id = gain.person_id order by account_id, from_at) b)
      as base
  from gain group by person_id
)
select person_id, {{value}} as value, null::timestamptz as reached_at from person where not missing
