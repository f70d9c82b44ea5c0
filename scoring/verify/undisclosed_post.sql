-- Whether post n.post_id is about the company and does not say so, as in undisclosed.sql.
not exists (select from mark k where k.post_id = n.post_id and k.name = 'disclosed')
and (exists (select from mark k where k.post_id = n.post_id and k.name = 'story')
     or exists (
       select from called c
       join v_every_deed d on d.id = c.engagement_id and not d.removed
       join v_owner o on o.account_id = d.target_id and o.from_at <= d.at and d.at < o.until_at
       where c.name = n.post_id and o.company))
