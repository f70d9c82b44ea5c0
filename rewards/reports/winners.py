"""Who won how often: for HR only, to see whether prizes reach many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rewards.amounts import Amount
from rewards.awards.reading import STATE
from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class Winner:
    """Somebody who won, with what they were paid."""

    person_id: int
    name: str  # "": erased
    awards: int  # accepted or later, recognition included
    contests: int
    paid: tuple[Amount, ...]  # by currency, days last; less what came back


async def winners(
    connection: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[Winner]:
    """Who won most often first; `since`, `until`: by when the awards were proposed."""
    rows = await connection.fetch(
        f"""
        select a.person_id, coalesce(p.name, '') as name, count(*)::int as awards,
          count(distinct a.contest_id)::int as contests, array_agg(a.id) as award_ids
        from award a left join profile p on p.person_id = a.person_id
        where {STATE} in ('accepted', 'exported', 'paid')
          and ($1::timestamptz is null or a.recorded_at >= $1)
          and ($2::timestamptz is null or a.recorded_at < $2)
        group by a.person_id, p.name
        order by awards desc, lower(coalesce(p.name, '')), a.person_id limit $3
        """,
        since,
        until,
        limit,
    )
    paid = await _paid(connection, [award for row in rows for award in row["award_ids"]])
    return [
        Winner(
            row["person_id"],
            row["name"],
            row["awards"],
            row["contests"],
            tuple(paid.get(row["person_id"], ())),
        )
        for row in rows
    ]


async def _paid(connection: Connection, award_ids: list[int]) -> dict[int, list[Amount]]:
    rows = await connection.fetch(
        """select a.person_id, b.currency,
                  sum(case t.kind when 'post' then t.units else -t.units end)::bigint as units
           from transfer t join award a on a.id = t.award_id join budget b on b.id = t.budget_id
           where t.kind in ('post', 'recover') and a.id = any($1::bigint[])
           group by a.person_id, b.currency order by a.person_id, b.currency nulls last""",
        award_ids,
    )
    paid: dict[int, list[Amount]] = {}
    for row in rows:
        paid.setdefault(row["person_id"], []).append(
            Amount(units=row["units"], currency=row["currency"])
        )
    return paid
