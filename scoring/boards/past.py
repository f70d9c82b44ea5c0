"""How one person stood in past periods, from PostgreSQL.

Law: it is asked for oneself only, and counts who stands on the board now, so that whoever hid since is
in nobody's history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scoring.boards.standing import public
from scoring.connection import Connection
from scoring.periods import Period


@dataclass(frozen=True, slots=True)
class Stood:
    """A period, what one had in it and the rank that goes with it; no rank where there was nothing."""

    starts_on: date
    value: int
    rank: int | None


async def past_ranks(
    connection: Connection, person_id: int, metric: str, period: Period, days: Sequence[date]
) -> list[Stood]:
    """How this person stood before everyone in the periods that begin on these days, in that order."""
    rows = await connection.fetch(
        f"""select q.starts_on, coalesce(own.value, 0) as value,
              case when own.value > 0 then 1 + (
                select count(*) from total t join profile p on p.person_id = t.person_id
                where t.metric = $2 and t.period = $3 and t.starts_on = q.starts_on
                  and t.value > own.value and {public("t.person_id", "p.visibility")}) end as rank
            from unnest($4::date[]) with ordinality as q(starts_on, place)
            left join total own on own.metric = $2 and own.period = $3
              and own.starts_on = q.starts_on and own.person_id = $1
            order by q.place""",
        person_id,
        metric,
        period.value,
        list(days),
    )
    return [Stood(row["starts_on"], max(row["value"], 0), row["rank"]) for row in rows]
