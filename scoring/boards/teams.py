"""Departments or offices by the mean of their active members, from PostgreSQL.

Laws: a team smaller than the least size has no standing, for its mean would tell of single people;
who hides or goes by an alias is in no mean, for the others of a team could subtract themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from scoring.boards.standing import public
from scoring.connection import Connection
from scoring.periods import Period

LEAST_SIZE = 3  # with two, each knows the other's value from the mean

Kind = Literal["department", "office"]


@dataclass(frozen=True, slots=True)
class Team:
    """A department or office on a board of teams."""

    rank: int
    id: int
    name: str
    members: int  # active and shown by name now
    value: int  # of all of them together

    @property
    def mean(self) -> float:
        """Value per active member."""
        return self.value / self.members


async def read_teams(
    connection: Connection,
    metric: str,
    period: Period,
    starts_on: date,
    kind: Kind = "department",
    least_size: int = LEAST_SIZE,
) -> tuple[Team, ...]:
    """All teams with someone's points, best mean first, ranks shared."""
    table = {"department": "department", "office": "office"}[kind]
    records = await connection.fetch(
        f"""
        select g.id, g.name, count(*) as members, coalesce(sum(greatest(t.value, 0)), 0)::bigint
        from profile p join {table} g on g.id = p.{table}_id
        left join total t on t.person_id = p.person_id
            and t.metric = $1 and t.period = $2 and t.starts_on = $3
        where {public("p.person_id", "p.visibility", kind)}
        group by g.id, g.name having count(*) >= $4
        """,
        metric,
        str(period),
        starts_on,
        max(least_size, 2),
    )
    return rank_teams(tuple(record) for record in records)


def rank_teams(teams: Iterable[tuple[int, str, int, int]]) -> tuple[Team, ...]:
    """Order teams (id, name, members, value) by exact mean; equal means share a rank."""
    best_first = sorted(
        (team for team in teams if team[3] > 0), key=lambda t: (-Fraction(t[3], t[2]), t[1], t[0])
    )
    ranked: list[Team] = []
    for place, (id_, name, members, value) in enumerate(best_first, start=1):
        level = bool(ranked) and ranked[-1].value * members == value * ranked[-1].members
        ranked.append(Team(ranked[-1].rank if level else place, id_, name, members, value))
    return tuple(ranked)
