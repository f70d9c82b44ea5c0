-- Each person outside counts once a post, by what they did first; where a figure stands beside the names
-- of a post and kind, the n-th count is the n-th name or the figure that reached n, the earlier.
with first as (
  select distinct on (person_id, actor_id, post_id) person_id, actor_id, post_id, kind, at
  from v_seen
  where relation = 'earned' and kind in ('reply', 'quote') and actor_id is not null
    and at >= $1 and at < $2
  order by person_id, actor_id, post_id, at, id
), named as (
  select *, row_number() over (partition by person_id, post_id, kind order by at, actor_id) as n
  from first
), nameless as (  -- as many as a contest of people can have
  select f.person_id, f.post_id, f.at, p.author_id, p.handed_in, p.disclosed, p.reshared_at
  from v_figure f
  join v_post p using (post_id)
  cross join lateral generate_series(
    f.from_count, least(f.upto_count, f.from_count + 100000)) k(n)
  where f.kind in ('reply', 'quote') and f.at >= $1 and f.at < $2
    and not exists (select from named
      where named.person_id = f.person_id and named.post_id = f.post_id and named.kind = f.kind
        and named.n = k.n and named.at <= f.at)
)
select person_id, at, 1 as points from named n
where not exists (
  select from v_figure f where f.person_id = n.person_id and f.post_id = n.post_id
    and f.kind = n.kind and n.n between f.from_count and f.upto_count and f.at < n.at)
union all
select n.person_id, n.at, 1 from nameless n
join v_owner o on o.account_id = n.author_id and o.from_at <= n.at and n.at < o.until_at
  and o.person_id = n.person_id
join v_state s on s.person_id = o.record_id and s.from_at <= n.at and n.at < s.until_at
  and s.state = 'active'
where (o.counts = 'every' or coalesce(n.handed_in or n.reshared_at <= n.at, n.handed_in, false)
       or (o.counts = 'disclosed' and n.disclosed))
  and not ({{undisclosed_post}})
