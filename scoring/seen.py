"""Everything Fanfare holds about one person, for that person: "What we see about you".

Law: nothing that refers to the person or to an account while it was theirs is left out here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from scoring.cases.concern import ABOUT_ONE
from scoring.connection import Connection

Rows = list[dict[str, Any]]

# The stretches in which an account was the person's: half-open, open at the end while it still is.
_SPANS: Final = """
with spans as (
  select account_id, effective_at as from_at, to_at from (
    select account_id, person_id, effective_at,
           lead(effective_at) over (partition by account_id order by effective_at, id) as to_at
    from ownership
    where account_id in (select account_id from ownership where person_id = $1)) owned
  where person_id = $1),
mine as (
  select e.* from spans s join engagement e on e.target_id = s.account_id
    and e.occurred_at >= s.from_at and (s.to_at is null or e.occurred_at < s.to_at)
  union
  select e.* from spans s join engagement e on e.actor_id = s.account_id
    and e.occurred_at >= s.from_at and (s.to_at is null or e.occurred_at < s.to_at)),
written as (
  select distinct on (p.post_id) p.* from spans s join post p on p.author_id = s.account_id
    and p.published_at >= s.from_at and (s.to_at is null or p.published_at < s.to_at)
  order by p.post_id, p.published_at)
"""

# Table by table: what it is called for the person, and how its rows are read.
_TABLES: Final[Mapping[str, str]] = {
    "profile": """
        select p.person_id, p.name, p.email, p.alias, d.name as department, o.name as office,
               p.visibility, p.opens_networks, p.opens_mix, p.opens_gain,
               p.opens_compare
        from profile p left join department d on d.id = p.department_id
        left join office o on o.id = p.office_id where p.person_id = $1""",
    "enrolment": """
        select state, effective_at, recorded_at from enrolment where person_id = $1
        order by effective_at""",
    "records": """
        select record_id, into_id, reason, recorded_at from same_person
        where record_id = $1 or into_id = $1 order by id""",
    "accounts": """
        select a.id as account_id, a.platform, a.native_id, f.handle, f.url, f.professional,
               f.disclaimer, a.recorded_at
        from account a left join account_face f on f.account_id = a.id
        where a.id in (select account_id from ownership where person_id = $1)
        order by a.platform, f.handle""",
    "ownership": """
        select account_id, effective_at, person_id is not null as yours, counts, recorded_at
        from ownership where person_id = $1 or (person_id is null and account_id in
          (select account_id from ownership where person_id = $1))
        order by account_id, effective_at""",
    "posts": _SPANS + """
        select w.post_id, w.platform, w.native_id, w.published_at, t.text, t.url, w.recorded_at
        from written w left join post_text t on t.post_id = w.post_id order by w.published_at""",
    "engagements": _SPANS + """
        select id, platform, kind, native_id, actor_id, target_id, post_id, occurred_at, dated,
               source, recorded_at from mine order by occurred_at, id""",
    "marks": _SPANS + """
        select m.post_id, m.name, m.value, m.effective_at from mark m
        where m.person_id = $1 or m.post_id in (select post_id from written)
        order by m.effective_at""",
    "topics": _SPANS + """
        select k.post_id, k.topic, k.stands, k.source, k.word, k.reason, k.person_id = $1 as by_you,
               k.effective_at, k.recorded_at
        from topic_mark k
        where k.person_id = $1 or k.post_id in (select post_id from written)
        order by k.id""",
    "handed_in": """
        select s.id, s.platform, s.native_id, s.published_at, s.dated, s.counts, s.recorded_at,
               w.address, w.picture is not null as pictured, a.outcome, a.reason,
               a.recorded_at as answered_at
        from statement s left join statement_words w on w.statement_id = s.id
        left join statement_answer a on a.statement_id = s.id
        where s.person_id = $1 order by s.id""",
    "figures": _SPANS + """
        select f.post_id, f.kind, f.value, f.observed_at, f.source from figure f
        where f.post_id in (select post_id from written) order by f.observed_at""",
    "follower_counts": _SPANS + """
        select s.account_id, s.followers, s.observed_at, s.source from snapshot s
        join spans on spans.account_id = s.account_id and s.observed_at >= spans.from_at
          and (spans.to_at is null or s.observed_at < spans.to_at)
        order by s.observed_at""",
    "points": """
        select rule, relation, points, reason, occurred_at, engagement_id, rulebook_id, recorded_at
        from entry where person_id = $1 order by id""",
    "totals": """
        select metric, period, starts_on, value from total where person_id = $1
        order by metric, period, starts_on""",
    "audience_then": """
        select on_day, followers from audience_then where person_id = $1 order by on_day""",
    "cases": f"""
        select f.id, f.kind, f.reason, asked.words as asked, f.recorded_at, d.outcome, d.points,
               answered.words as answered, d.recorded_at as decided_at
        from case_file f left join case_decision d on d.case_id = f.id
        left join case_words asked on asked.case_id = f.id and asked.part = 'asked'
        left join case_words answered on answered.case_id = f.id and answered.part = 'answered'
        where {ABOUT_ONE} order by f.id""",
    "log": """
        select action, subject, detail, recorded_at, person_id = $1 as by_you from audit
        where person_id = $1 or subject = 'person:' || $1::text order by id""",
}  # fmt: skip


async def all_seen(
    connection: Connection, person_id: int, tables: Collection[str] | None = None
) -> dict[str, Rows]:
    """All rows about a person, table by table, or of some tables. Outsiders stay hashes."""
    return {
        name: [dict(row) for row in await connection.fetch(query, person_id)]
        for name, query in _TABLES.items()
        if tables is None or name in tables
    }


async def seen_counts(connection: Connection, person_id: int) -> list[dict[str, Any]]:
    """How many facts there are, by network, kind and source."""
    rows = await connection.fetch(
        _SPANS + """
        select platform, kind, source, count(*) as count, min(occurred_at) as first_at,
               max(occurred_at) as last_at
        from mine group by platform, kind, source order by platform, count(*) desc, kind""",
        person_id,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def seen_totals(connection: Connection, person_id: int) -> dict[str, int]:
    """How many posts, marks, entries and log lines there are."""
    row = await connection.fetchrow(
        _SPANS + """
        select (select count(*) from written) as posts,
               (select count(*) from mark where person_id = $1
                  or post_id in (select post_id from written)) as marks,
               (select count(*) from snapshot where account_id in
                  (select account_id from spans)) as follower_counts,
               (select count(*) from entry where person_id = $1) as entries,
               (select count(*) from audit where person_id = $1
                  or subject = 'person:' || $1::text) as log""",
        person_id,
    )  # fmt: skip
    assert row is not None, "a select without from gives one row"
    return dict(row)
