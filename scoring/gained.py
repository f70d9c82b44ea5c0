"""Followers gained, for boards: what the counts of a person's accounts rose by in a period.

Laws: a rise is dated when it was observed; what an account begins with, when it is linked or its person
comes back, is not gained; so the days of a month add up to the month. Of several counts of one moment
the lowest source and count stands. Values come from the snapshots alone, in any order of arrival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scoring.answered import Moved
from scoring.changes import Changes
from scoring.connection import Connection
from scoring.metrics import Source, boards_from
from scoring.periods import Period, bounds, first_days
from scoring.probes import BEGINNING, END
from scoring.successive_zones import spelled
from scoring.tallies.followers import Stretch, load_stretches

Days = Mapping[int, set[date]]
Part = tuple[int, Period, date]  # a person's period

# A count changes its own day, and the day of the next one, which begins from it. Who changed since a
# moment is asked about every count since.
_DAYS = """
  with counted as (
    select * from unnest($1::uuid[], $2::timestamptz[]) as c(account_id, at)
  ), moved as (
    select account_id, at from counted
    union
    select c.account_id, (select min(s.observed_at) from snapshot s
                          where s.account_id = c.account_id and s.observed_at > c.at)
    from counted c
    union
    select s.account_id, s.observed_at
    from unnest($3::uuid[], $4::timestamptz[]) as c(account_id, since_at)
    join snapshot s on s.account_id = c.account_id and s.observed_at >= c.since_at
    union
    select s.account_id, s.observed_at
    from unnest($5::bigint[], $6::timestamptz[]) as c(person_id, since_at)
    join ownership o on o.person_id = c.person_id
    join snapshot s on s.account_id = o.account_id and s.observed_at >= c.since_at
  )
  select distinct o.person_id, fanfare_local(m.at, $7)::date as day
  from moved m join ownership o using (account_id)
  where o.person_id is not null and m.at is not null
"""

# From the last count before the period, or the first in it, to the last in it.
_GAINED = """
  select q.n, last.followers - coalesce(before.followers, first.followers) as gained
  from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
    as q(n, account_id, from_at, start_at, until_at)
  cross join lateral (
    select followers from snapshot s where s.account_id = q.account_id
      and s.observed_at >= greatest(q.from_at, q.start_at) and s.observed_at < q.until_at
    order by observed_at desc, source, followers limit 1) last
  left join lateral (
    select followers from snapshot s where s.account_id = q.account_id
      and s.observed_at >= q.from_at and s.observed_at < q.start_at
    order by observed_at desc, source, followers limit 1) before on true
  left join lateral (
    select followers from snapshot s where s.account_id = q.account_id
      and s.observed_at >= greatest(q.from_at, q.start_at) and s.observed_at < q.until_at
    order by observed_at, source, followers limit 1) first on true
"""


class _Question(NamedTuple):
    part: Part
    stretch: Stretch


async def days_of_gains(
    connection: Connection, changes: Changes, zone: ZoneInfo
) -> dict[int, set[date]]:
    """Whose gains these changes may move, and on which local days."""
    if not (changes.snapshots or changes.accounts or changes.persons):
        return {}
    counted = sorted(changes.snapshots)
    rows = await connection.fetch(
        _DAYS,
        [account for account, _ in counted],
        [at for _, at in counted],
        list(changes.accounts),
        list(changes.accounts.values()),
        list(changes.persons),
        list(changes.persons.values()),
        spelled(zone),
    )
    days: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        days[row["person_id"]].add(row["day"])
    return dict(days)


async def gains_moved(connection: Connection, days: Days, zone: ZoneInfo) -> Moved:
    """What the totals of these people move by in all periods that hold their days.

    The caller holds the people's locks and carries it into the totals.
    """
    parts = {
        (person, period, first)
        for person, mine in days.items()
        for day in mine
        for period, first in first_days(day).items()
    }
    if not parts:
        return {}
    values = await _values(connection, parts, zone)
    moved: Moved = {}
    for metric in boards_from(Source.FOLLOWERS):
        stands = await _standing(connection, metric, parts)
        for part in parts:
            if amount := values.get(part, 0) - stands.get(part, 0):
                person, period, first = part
                moved[metric, period, first, person] = amount
    return moved


async def _values(connection: Connection, parts: set[Part], zone: ZoneInfo) -> dict[Part, int]:
    """What these people gained in these periods, from the snapshots."""
    stretches = await load_stretches(
        connection, sorted({person for person, _, _ in parts}), BEGINNING, END
    )
    questions = [
        _Question(part, stretch) for part in sorted(parts) for stretch in stretches[part[0]]
    ]
    within = [bounds(period, first, zone) for (_, period, first), _ in questions]
    rows = await connection.fetch(
        _GAINED,
        list(range(len(questions))),
        [question.stretch.account for question in questions],
        [question.stretch.from_at for question in questions],
        [start_at for start_at, _ in within],
        [min(end_at, q.stretch.to_at) for q, (_, end_at) in zip(questions, within, strict=True)],
    )
    values: dict[Part, int] = defaultdict(int)
    for row in rows:
        values[questions[row["n"]].part] += row["gained"]
    return values


async def _standing(connection: Connection, metric: str, parts: set[Part]) -> dict[Part, int]:
    ordered = sorted(parts)
    rows = await connection.fetch(
        """select person_id, period, starts_on, value
           from unnest($1::bigint[], $2::text[], $3::date[]) as p(person_id, period, starts_on)
           join total using (person_id, period, starts_on) where metric = $4""",
        [person for person, _, _ in ordered],
        [period.value for _, period, _ in ordered],
        [first for _, _, first in ordered],
        metric,
    )
    return {(person, Period(period), first): value for person, period, first, value in rows}
