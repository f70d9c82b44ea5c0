-- Where prizes are at stake: what is about the company and does not say so is left out of v_seen.
delete from v_seen s
where exists (
  select from (
    -- The person's own posts that a deed counts for.
    select m.post_id from v_maker m where s.relation = 'echo' and m.name = s.post_id
    union all
    select e.native_key from v_every_deed e
    where s.relation in ('authored', 'shared', 'conversed') and e.id = s.id
    union all
    select s.post_id
    where s.relation in ('earned', 'peer', 'reshared') and s.kind not in ('follow', 'mention')
  ) own
  where own.post_id is not null
    and not exists (select from mark k where k.post_id = own.post_id and k.name = 'disclosed')
    and (exists (select from mark k where k.post_id = own.post_id and k.name = 'story')
         or exists (
           select from called c
           join v_every_deed d on d.id = c.engagement_id and not d.removed
           join v_owner o on o.account_id = d.target_id and o.from_at <= d.at and d.at < o.until_at
           where c.name = own.post_id and o.company)));
