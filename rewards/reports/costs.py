"""What contests have cost: by contest, and by the winners' department.

Laws: a cost is posted less recovered, as the ledger has it; of fewer than `LEAST` winners no department
is named, and nobody can find one by taking away the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rewards.amounts import Amount
from rewards.connection import Connection

LEAST: Final = 5  # winners, below which a department is not named
OTHERS: Final = "Others"


@dataclass(frozen=True, slots=True)
class ContestCost:
    """A contest in one currency, or in days."""

    slug: str
    name: str
    metric: str
    paid: Amount  # posted less recovered
    open: Amount  # won and not yet paid
    awards: int  # that cost or may still cost something
    counted: int  # what all entrants reached together, in the metric's unit

    @property
    def each(self) -> tuple[int, int] | None:
        """Paid and open units, and what they are divided by; None where nothing was counted."""
        return (self.paid.units + self.open.units, self.counted) if self.counted else None


@dataclass(frozen=True, slots=True)
class DepartmentCost:
    """What winners of a department were paid in one currency, or in days."""

    department: str
    winners: int
    paid: Amount


async def contest_costs(
    connection: Connection, *, since: datetime | None = None, until: datetime | None = None
) -> list[ContestCost]:
    """Every contest with awards, the newest first; `since`, `until`: by when it was decided."""
    rows = await connection.fetch(
        """
        with settled as (
          select award_id, reservation_id,
            sum(case kind when 'post' then units when 'recover' then -units else 0 end) as paid,
            bool_or(kind in ('post', 'void', 'expire')) as done
          from transfer where award_id is not null group by award_id, reservation_id),
        held as (
          select a.id, a.contest_id, a.units, a.reservation_id from award a
          where a.reservation_id is not null
          union all
          select a.id, a.contest_id, a.days_units, a.days_reservation_id from award a
          where a.days_reservation_id is not null)
        select c.slug, h.contest_id, ch.body::jsonb->>'name' as name,
          ch.body::jsonb->>'metric' as metric, b.currency,
          coalesce(sum(s.paid), 0)::bigint as paid,
          coalesce(sum(h.units) filter (where s.done is not true), 0)::bigint as open,
          count(*) filter (where s.done is not true or s.paid > 0) as awards,
          coalesce((select sum(value) from tally t
                    where t.contest_id = h.contest_id and t.mode = 'prize'), 0)::bigint as counted
        from held h
        join contest c on c.id = h.contest_id
        join reservation r on r.id = h.reservation_id join budget b on b.id = r.budget_id
        join decision d on d.contest_id = h.contest_id
        join charter ch on ch.id = d.charter_id
        left join settled s on s.award_id = h.id and s.reservation_id = h.reservation_id
        where ($1::timestamptz is null or d.recorded_at >= $1)
          and ($2::timestamptz is null or d.recorded_at < $2)
        group by c.slug, h.contest_id, ch.body, b.currency, d.recorded_at
        order by d.recorded_at desc, h.contest_id, b.currency nulls last
        """,
        since,
        until,
    )
    return [
        ContestCost(
            slug=row["slug"],
            name=row["name"],
            metric=row["metric"],
            paid=Amount(units=row["paid"], currency=row["currency"]),
            open=Amount(units=row["open"], currency=row["currency"]),
            awards=row["awards"],
            counted=row["counted"],
        )
        for row in rows
    ]


async def department_costs(
    connection: Connection, *, since: datetime | None = None, until: datetime | None = None
) -> list[DepartmentCost]:
    """What was paid by currency and the winners' department of today; `since`, `until`: when paid."""
    rows = await connection.fetch(
        """
        select b.currency, coalesce(d.name, '') as department,
          array_agg(distinct a.person_id) as people,
          sum(case t.kind when 'post' then t.units else -t.units end)::bigint as paid
        from transfer t join budget b on b.id = t.budget_id join award a on a.id = t.award_id
        left join profile p on p.person_id = a.person_id
        left join department d on d.id = p.department_id
        where t.kind in ('post', 'recover')
          and ($1::timestamptz is null or t.recorded_at >= $1)
          and ($2::timestamptz is null or t.recorded_at < $2)
        group by b.currency, d.name order by b.currency nulls last, d.name nulls last
        """,
        since,
        until,
    )
    grouped: dict[str | None, list[tuple[str, frozenset[int], int]]] = {}
    for row in rows:
        grouped.setdefault(row["currency"], []).append(
            (row["department"], frozenset(row["people"]), row["paid"])
        )
    return [
        DepartmentCost(name, len(people), Amount(units=paid, currency=currency))
        for currency, groups in grouped.items()
        for name, people, paid in gathered(groups)
    ]


def gathered(
    groups: Sequence[tuple[str, frozenset[int], int]],
) -> list[tuple[str, frozenset[int], int]]:
    """The groups, small ones and people without a department as one, last. Pure.

    If what is gathered is still too small, the smallest named group joins it: otherwise the total less
    the named ones would tell of a few.
    """
    named = [group for group in groups if group[0] and len(group[1]) >= LEAST]
    rest = [group for group in groups if group not in named]
    named.sort(key=lambda group: (len(group[1]), group[0]), reverse=True)
    while rest and named and len(_people(rest)) < LEAST:
        rest.append(named.pop())
    shown = sorted(named, key=lambda group: (-group[2], group[0]))
    if not rest:
        return shown
    people = _people(rest)
    paid = sum(group[2] for group in rest)
    return [*shown, (OTHERS if shown else "All departments", people, paid)]


def _people(groups: Sequence[tuple[str, frozenset[int], int]]) -> frozenset[int]:
    return frozenset().union(*(group[1] for group in groups))
