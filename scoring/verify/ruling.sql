-- The window and the version that rule what rule n.name makes of moment n.at (and post n.post_id).
select found.book_id,
  found.per || ':' || case when found.per = 'post' then coalesce(n.post_id::text, '')
    else fanfare_local(found.start_at, current_setting('fanfare.zone'))::date::text end
    as window_name
from (
  -- The version in force at a window's start rules that window whole; for a post, at publication.
  select 0 as carried, v.n, v.book_id, v.per, begun.start_at
  from v_rule v
  cross join lateral (select case when v.per = 'post'
      then coalesce(n.published_at, (select valid_from from v_rule order by v_rule.n limit 1))
      else pg_temp.v_starts_at(v.per, n.at) end as start_at) begun
  join v_reign g on g.book_id = v.book_id and g.from_at <= begun.start_at
    and begun.start_at < g.until_at
  where v.name = n.name
  union all
  -- Between an old window and the first whole new one the old version goes on.
  select 1, old.n, old.book_id, old.per, pg_temp.v_starts_at(old.per, n.at)
  from v_reign now_in_force
  join v_rule current_one
    on current_one.book_id = now_in_force.book_id and current_one.name = n.name
  join v_reign then_in_force
    on then_in_force.from_at <= case when current_one.per = 'post' then n.published_at
                                     else pg_temp.v_starts_at(current_one.per, n.at) end
    and then_in_force.until_at > case when current_one.per = 'post' then n.published_at
                                      else pg_temp.v_starts_at(current_one.per, n.at) end
  join v_rule old on old.book_id = then_in_force.book_id and old.name = n.name
  where now_in_force.from_at <= n.at and n.at < now_in_force.until_at and old.per <> 'post'
) found
order by found.carried, found.start_at, found.n limit 1
