-- All points of the people in v_person, from the facts alone. The text of
-- `ruling.sql` is put in where it is named, and for contests `undisclosed.sql`; current_setting('fanfare.zone') is the company's time zone.

-- Up to where it is said again, everything is looked up by index for the few who are asked for: to read
-- the facts of the whole company once would seem cheaper to the planner, but grows with the company.
set local enable_hashjoin = off;
set local enable_mergejoin = off;

truncate v_owner, v_state, v_deed, v_maker, v_post, v_seen, v_credit, v_figure, v_claim;

-- What these people did, what was done to them, and the applause for what the company reshared -----

create temp table v_own on commit drop as
select distinct o.person_id, o.account_id from ownership o join v_person using (person_id);
create temp table v_company on commit drop as
select distinct account_id from ownership where company;
analyze v_own, v_company;
insert into v_state
select person_id, effective_at,
  lead(effective_at, 1, 'infinity') over (partition by person_id order by effective_at), state
from enrolment
-- A record that turned out to be somebody's, too, took part by itself.
where person_id in (select person_id from v_person
                    union select o.enrolled_as from ownership o join v_person using (person_id));
analyze v_state;

insert into v_deed
with direct as (
  select e.id from engagement e where e.target_id in (select account_id from v_own)
  union
  select e.id from engagement e where e.actor_id in (select account_id from v_own)
), applause as (
  select e.id
  from (select distinct c.name
        from direct cross join lateral (
          select r.id from engagement r
          where r.id = direct.id and r.kind in ('reshare', 'quote')
            and r.actor_id in (select account_id from v_company) offset 0) r
        cross join lateral (select name from called where engagement_id = r.id offset 0) c
       ) passed_on
  cross join lateral (select e.id, e.target_id from engagement e
                      where e.post_id = passed_on.name offset 0) e
  where e.target_id in (select account_id from v_company)
)
select d.* from (select id from direct union select id from applause) asked
cross join lateral (select * from v_every_deed where id = asked.id offset 0) d;
analyze v_deed;

-- Name by name: of what is called so nothing is known beforehand, and all there is would be gone through.
insert into v_maker
select asked.name, d.*
from (select post_id as name from v_deed where post_id is not null
      union select native_key from v_deed where kind = 'post') asked
cross join lateral (select engagement_id from called where name = asked.name offset 0) c
cross join lateral (select * from v_every_deed where id = c.engagement_id offset 0) d;
analyze v_maker;
insert into v_maker
select asked.name, d.*
from (select distinct post_id as name from v_maker where post_id is not null) asked
cross join lateral (select engagement_id from called where name = asked.name offset 0) c
cross join lateral (select * from v_every_deed where id = c.engagement_id offset 0) d
where not exists (select from v_maker m where m.id = d.id and m.name = asked.name);
analyze v_maker;

-- What is known of the posts ----------------------------------------------------------------------

create temp table v_figured on commit drop as
select distinct o.person_id, p.post_id from v_own o join post p on p.author_id = o.account_id
where exists (select from figure f where f.post_id = p.post_id);
analyze v_figured;

insert into v_maker
select asked.name, d.*
from (select distinct post_id as name from v_figured) asked
cross join lateral (select engagement_id from called where name = asked.name offset 0) c
cross join lateral (select * from v_every_deed where id = c.engagement_id offset 0) d
where not exists (select from v_maker m where m.id = d.id and m.name = asked.name);

-- Whose the accounts were that occur -----------------------------------------------------------------

insert into v_owner
select account_id, effective_at,
  lead(effective_at, 1, 'infinity') over (partition by account_id order by effective_at, id),
  person_id, company, counts, coalesce(enrolled_as, person_id)
from ownership
where account_id in (select account_id from v_own union select account_id from v_company
  union select actor_id from v_deed union select target_id from v_deed
  union select actor_id from v_maker union select target_id from v_maker);
analyze v_owner;

insert into v_post
with about as (
  select post_id from v_deed
  union select native_key from v_deed where kind = 'post'
  union select post_id from v_maker
  union select post_id from v_figured
)
select about.post_id, told.platform, told.author_id, told.published_at,
  coalesce(marked.handed_in, false),
  coalesce(marked.disclosed, false) or exists (
    select from v_maker m join v_owner o on o.account_id = m.target_id
      and o.from_at <= m.at and m.at < o.until_at and o.company
    where m.name = about.post_id and m.kind in ('reshare', 'quote') and not m.removed),
  (select min(r.at) from v_every_deed r join v_owner o on o.account_id = r.actor_id
      and o.from_at <= r.at and r.at < o.until_at and o.company
   where r.post_id = about.post_id and r.kind in ('reshare', 'quote')
     and r.actor_id in (select account_id from v_company) and not r.removed and not r.held),
  coalesce(topical.topics, '{}')
from about
left join lateral (select p.platform, p.author_id, p.published_at from post p
  where p.post_id = about.post_id order by p.published_at, p.author_id limit 1) told on true
left join lateral (select bool_or(m.name = 'handed_in') as handed_in,
    bool_or(m.name in ('disclosed', 'story')) as disclosed
  from mark m where m.post_id = about.post_id) marked on true
left join lateral (select array_agg(each.topic) as topics from (
    select m.value as topic from mark m where m.post_id = about.post_id and m.name = 'topic'
    union
    select k.topic from topic_mark k where k.post_id = about.post_id and k.stands) each
  -- Not if the last that a person said of it is that the post has it no longer.
  where not exists (
    select from topic_mark off where off.post_id = about.post_id and off.topic = each.topic
      and off.word is null and not off.stands
      and not exists (select from topic_mark again where again.post_id = off.post_id
        and again.topic = off.topic and again.word is null and again.id > off.id))) topical on true
where about.post_id is not null;
analyze v_post;

-- Of a post that was not its author's, or whose author took no part, when it was published, nobody knows how
-- much of a figure was there before: the first one since then is where adding begins, and counts nothing.
insert into v_figure (person_id, post_id, kind, from_count, upto_count, at)
with asked as (
  select f.person_id, f.post_id, p.author_id, coalesce(p.published_at is null or exists (
    select from v_owner o join v_state s on s.person_id = o.record_id and s.state = 'active'
      and s.from_at <= p.published_at and p.published_at < s.until_at
    where o.account_id = p.author_id and o.person_id = f.person_id
      and o.from_at <= p.published_at and p.published_at < o.until_at), true) as whole
  from v_figured f left join v_post p using (post_id)
), seen as (
  select a.person_id, a.post_id, f.kind, f.observed_at, a.whole, min(f.value) as value, exists (
    select from v_owner o join v_state s on s.person_id = o.record_id and s.state = 'active'
      and s.from_at <= f.observed_at and f.observed_at < s.until_at
    where o.account_id = a.author_id and o.person_id = a.person_id
      and o.from_at <= f.observed_at and f.observed_at < o.until_at) as theirs
  from asked a join figure f using (post_id)
  group by a.person_id, a.post_id, a.author_id, a.whole, f.kind, f.observed_at
), added as (
  select person_id, post_id, kind, observed_at, case when whole then value else greatest(0, value
    - first_value(value) over (partition by person_id, post_id, kind order by observed_at)) end as value
  from seen where whole or theirs
  union all
  select person_id, post_id, kind, min(observed_at), 0 from seen
  group by 1, 2, 3 having not bool_or(whole or theirs)
), lasting as (  -- never fell below it again
  select person_id, post_id, kind, observed_at,
    min(value) over (partition by person_id, post_id, kind order by observed_at
                     rows between current row and unbounded following) as value
  from added
), risen as (
  select *, lag(value, 1, 0::bigint) over (partition by person_id, post_id, kind order by observed_at)
    as before
  from lasting
)
select person_id, post_id, kind, before + 1, value, observed_at from risen;
-- A figure of nothing still says that its kind is counted by figure: from 1 up to 0.

set local enable_hashjoin = on;
set local enable_mergejoin = on;

-- Who did it to whom, and may it count ------------------------------------------------------------

insert into v_seen
with sided as (
  select d.*, a.person_id as actor_person, coalesce(a.company, false) as actor_company,
    a.counts as actor_counts, a.record_id as actor_record, t.person_id as target_person,
    coalesce(t.company, false) as target_company, t.counts as target_counts,
    t.record_id as target_record
  from v_deed d
  left join v_owner a on a.account_id = d.actor_id and a.from_at <= d.at and d.at < a.until_at
  left join v_owner t on t.account_id = d.target_id and t.from_at <= d.at and d.at < t.until_at
  where not d.removed and not d.held
), related as (
  select s.*,
    case
      when kind = 'post' then case when actor_person is not null then 'authored' end
      when target_person is not null then
        case when actor_company then 'reshared'
             when actor_person is null then 'earned'
             when actor_person <> target_person then 'peer' end
      when actor_person is not null then
        case when target_company then 'shared' else 'conversed' end
      when target_company and not actor_company then 'echo'
    end as relation
  from sided s
), owned as (
  select r.*, case when kind = 'post' then native_key else post_id end as about_post,
    case
      when relation in ('earned', 'peer', 'reshared') then target_person
      when relation in ('authored', 'shared', 'conversed') then actor_person
      when relation = 'echo' then echoed.person_id
    end as person_id,
    case
      when relation in ('earned', 'peer', 'reshared') then target_record
      when relation in ('authored', 'shared', 'conversed') then actor_record
      when relation = 'echo' then echoed.record_id
    end as record_id
  from related r
  left join lateral (
    select author.person_id, author.record_id
    from v_maker m
    join v_owner author on author.account_id = m.target_id
      and author.from_at <= m.at and m.at < author.until_at
    join v_owner sharer on sharer.account_id = m.actor_id
      and sharer.from_at <= m.at and m.at < sharer.until_at
    where r.relation = 'echo' and m.name = r.post_id and m.kind in ('reshare', 'quote')
      and not m.removed and not m.held
      and author.person_id is not null and sharer.company
    order by m.at, m.id limit 1) echoed on true
  where relation is not null
)
select o.id, o.platform, o.kind, o.actor_id, o.target_id, coalesce(o.thread_id, o.post_id), o.at,
  o.relation, o.person_id, o.about_post
from owned o
join v_person on v_person.person_id = o.person_id
join v_state s on s.person_id = o.record_id and s.from_at <= o.at and o.at < s.until_at
  and s.state = 'active'
left join v_post p on p.post_id = o.about_post
where case
    when o.relation = 'authored' or (o.relation in ('earned', 'peer')
                                     and o.kind not in ('follow', 'mention')) then
      case when o.relation = 'authored' then o.actor_counts else o.target_counts end = 'every'
      or coalesce(p.handed_in or p.reshared_at <= o.at, p.handed_in, false)
      or (coalesce(p.disclosed, false) and
          case when o.relation = 'authored' then o.actor_counts else o.target_counts end
            = 'disclosed')
    when o.relation = 'conversed' then exists (
      select from v_maker m
      join v_owner whose on whose.account_id = m.target_id
        and whose.from_at <= m.at and m.at < whose.until_at
      left join v_post q on q.post_id = m.post_id
      where m.name = o.post_id and m.kind in ('reply', 'mention', 'quote')
        and m.actor_id is not distinct from o.target_id
        and ((whose.company and o.actor_counts <> 'handed_in')
             or (whose.person_id = o.person_id
                 and (o.actor_counts = 'every'
                      or (m.kind = 'mention' and o.actor_counts <> 'handed_in')
                      or coalesce(q.handed_in or q.reshared_at <= o.at, q.handed_in, false)
                      or (coalesce(q.disclosed, false) and o.actor_counts = 'disclosed')))))
    else true
  end;
{{refused}}
analyze v_seen;

-- Which rule, which window, which key -------------------------------------------------------------

insert into v_credit
with named as (
  select s.*, p.published_at as published, coalesce(p.topics, '{}') as topics, n.name
  from v_seen s
  join (select distinct r.name, r.relation, k.kind from v_rule r, unnest(r.kinds) k(kind)) n
    on n.relation = s.relation and n.kind = s.kind
  left join v_post p on p.post_id = s.post_id
), dated as (
  -- All moments of a local day under one version are ruled alike; where no version of a rule counts
  -- per post, the post's publication does not matter.
  select n.*, fanfare_local(n.at, current_setting('fanfare.zone'))::date as on_day,
    (select g.book_id from v_reign g where g.from_at <= n.at and n.at < g.until_at) as reign,
    fanfare_local(n.published_at, current_setting('fanfare.zone'))::date as published_on,
    (select g.book_id from v_reign g
     where g.from_at <= n.published_at and n.published_at < g.until_at) as published_reign
  from (select n.*, case when n.name in (select name from v_rule where per = 'post')
                    then n.published end as published_at from named n) n
), alike as materialized (
  select n.name, n.on_day, n.reign, n.published_on, n.published_reign, w.book_id, w.window_name
  from (select name, on_day, reign, published_on, published_reign, min(at) as at,
          min(published_at) as published_at, null::uuid as post_id
        from dated group by 1, 2, 3, 4, 5) n
  cross join lateral ({{ruling}}) w
), ruled as (
  select d.*, a.book_id,
    case when a.window_name = 'post:' then a.window_name || coalesce(d.post_id::text, '')
         else a.window_name end as window_name
  from dated d join alike a on a.name = d.name and a.on_day = d.on_day
    and a.reign is not distinct from d.reign
    and coalesce(a.published_on, '-infinity') = coalesce(d.published_on, '-infinity')
    and a.published_reign is not distinct from d.published_reign
), keyed as (
  select d.*, r.repeats, r.figures, (
      select string_agg(case part
          when 'actor' then d.actor_id::text
          when 'target' then coalesce(d.target_id::text, '')
          when 'post' then coalesce(d.post_id::text, '')
          when 'thread' then coalesce(d.thread_id::text, '')
          when 'day' then fanfare_local(d.at, current_setting('fanfare.zone'))::date::text
          when 'platform' then d.platform
          when 'topic' then topic.topic end, '|' order by place)
      from unnest(r.credit) with ordinality as parts(part, place)) as key
  from ruled d
  join v_rule r on r.book_id = d.book_id and r.name = d.name
  cross join lateral (
    select '' as topic where not 'topic' = any(r.credit)
    union all
    select t from unnest(d.topics) t
    where 'topic' = any(r.credit) and (r.topics is null or t = any(r.topics))) topic
  where r.relation = d.relation and d.kind = any(r.kinds)
    and (r.platforms is null or d.platform = any(r.platforms))
    and d.platform <> all(string_to_array(current_setting('fanfare.unrewarded'), ' '))
    and (r.topics is null or r.topics && d.topics)
    -- The network did not say who it was, and the rule counts people.
    and (d.actor_id is not null or not 'actor' = any(r.credit))
)
select k.id, k.person_id, k.name, k.book_id, k.window_name, k.key, k.at, k.kind, k.post_id, k.repeats,
  k.figures and exists (select from v_figure f where f.person_id = k.person_id
                        and f.post_id = k.post_id and f.kind = k.kind),
  row_number() over (partition by k.person_id, k.name, k.key order by k.at, k.id)
from keyed k;
analyze v_credit;

-- Each key once, in the window of its earliest live deed; or once a window -------------------------

insert into v_claim
select distinct on (person_id, name, window_name, key)
  person_id, name, book_id, window_name, key, at
from v_credit
where not figured and (repeats or nth = 1)
order by person_id, name, window_name, key, at, id;

-- Names beside a figure: the n-th count is the n-th name or the figure that reached n, the earlier.
insert into v_claim
with named as (
  select *, row_number() over (partition by person_id, name, post_id, kind order by at, key) as n
  from v_credit where figured and nth = 1
)
select n.person_id, n.name, n.book_id, n.window_name, n.key, n.at
from named n
where not exists (
  select from v_figure f where f.person_id = n.person_id and f.post_id = n.post_id
    and f.kind = n.kind and n.n between f.from_count and f.upto_count and f.at < n.at);

insert into v_claim
with asked as (
  select f.*, r.name, max(r.capacity) as capacity
  from v_figure f join v_rule r on r.figures and f.kind = any(r.kinds)
  where f.upto_count >= f.from_count
  group by f.person_id, f.post_id, f.kind, f.from_count, f.upto_count, f.at, r.name
), named as (
  select *, row_number() over (partition by person_id, name, post_id, kind order by at, key) as n,
    count(*) over (partition by person_id, name, post_id, kind) as names
  from v_credit where figured and nth = 1
), nameless as (
  -- More than a window can pay are never asked for, however viral the post.
  select a.*, k.n
  from asked a cross join lateral generate_series(a.from_count, least(a.upto_count,
    a.from_count + a.capacity + coalesce((select max(names) from named
      where named.person_id = a.person_id and named.name = a.name
        and named.post_id = a.post_id and named.kind = a.kind), 0))) k(n)
  where not exists (select from named
    where named.person_id = a.person_id and named.name = a.name and named.post_id = a.post_id
      and named.kind = a.kind and named.n = k.n and named.at <= a.at)
)
select n.person_id, n.name, w.book_id, w.window_name, 'figure ' || n.post_id || n.kind || n.n, n.at
from (select nameless.*, p.published_at, p.author_id, p.platform, p.handed_in, p.disclosed,
        p.reshared_at, p.topics
      from nameless join v_post p using (post_id)) n
cross join lateral ({{ruling}}) w
join v_rule r on r.book_id = w.book_id and r.name = n.name and r.figures and n.kind = any(r.kinds)
  and (r.platforms is null or n.platform = any(r.platforms))
  and n.platform <> all(string_to_array(current_setting('fanfare.unrewarded'), ' '))
  and (r.topics is null or r.topics && n.topics)
join v_owner o on o.account_id = n.author_id and o.from_at <= n.at and n.at < o.until_at
  and o.person_id = n.person_id
join v_state s on s.person_id = o.record_id and s.from_at <= n.at and n.at < s.until_at
  and s.state = 'active'
where (o.counts = 'every' or coalesce(n.handed_in or n.reshared_at <= n.at, n.handed_in, false)
       or (o.counts = 'disclosed' and n.disclosed))
  and not ({{undisclosed_post}});
analyze v_claim;

drop table v_own, v_company, v_figured;
