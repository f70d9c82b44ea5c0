"""Reading the live standing: the top, the lines around somebody, one's own line.

Laws: a rank is how many have more, plus one, so equal values share it; nothing is no rank. Who is
hidden, or left Fanfare, is in nobody's list, yet ranks stay true: a gap says that somebody is there,
and not who. Of lines beneath somebody only as many are shown as stand above the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rewards.connection import Connection
from rewards.contests.charter import Charter
from rewards.contests.counting import Mode, kept_as
from rewards.contests.record import Contest
from rewards.contests.teams import Team, team_standing

Table = Literal["tally", "frozen_tally"]
_NEIGHBOURS = 5  # lines above, and beneath, somebody


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A line of a standing: a person or a team."""

    rank: int
    value: int  # of a team: what its members have on average, see `teams`
    person_id: int | None = None
    team: str | None = None
    members: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody's own line; no rank while they have nothing."""

    value: int
    rank: int | None
    bracket: int
    team: str | None


def table_of(contest: Contest) -> Table:
    """Where the public standing is read: frozen until it is decided, if the charter froze it."""
    frozen = contest.happened("frozen") and not contest.happened("decided")
    return "frozen_tally" if frozen else "tally"


async def top(
    connection: Connection,
    contest: Contest,
    *,
    mode: Mode,
    bracket: int | None,
    limit: int = 50,
    table: Table | None = None,
) -> list[StandingRow]:
    """The first of a bracket, or of all (None); teams where teams compete."""
    charter = contest.charter
    table = table or table_of(contest)
    if charter.who != "people":
        return [_team_row(team) for team in await _teams(connection, contest, mode, table)][:limit]
    rows = await connection.fetch(
        f"""select person_id, value, rank from (
              select person_id, value, rank() over (order by value desc) as rank from (
                select person_id, value from {table}
                where contest_id = $1 and mode = $2 and value > 0
                  and ($3::int is null or bracket = $3)
                order by value desc, person_id limit $4 * 2 + 50) first) t
            where {_SHOWN} order by rank, person_id limit $4""",
        contest.id,
        kept_as(charter, mode),
        bracket,
        limit,
    )
    return [StandingRow(row["rank"], row["value"], person_id=row["person_id"]) for row in rows]


async def around_person(
    connection: Connection,
    contest: Contest,
    person_id: int,
    *,
    mode: Mode,
    bracket: int | None,
    table: Table | None = None,
) -> list[StandingRow]:
    """The lines about a person's own, which is always among them; nothing while they have nothing."""
    charter = contest.charter
    table = table or table_of(contest)
    kept = kept_as(charter, mode)
    everyone = bracket is None
    own = await line(connection, contest, person_id, mode=mode, table=table, everyone=everyone)
    if own is None or own.rank is None or charter.who != "people":
        return []
    if not everyone and own.bracket != bracket:
        return []
    ranked = await connection.fetchval(
        f"""select count(*) from {table} where contest_id = $1 and mode = $2 and value > 0
            and ($3::int is null or bracket = $3)""",
        contest.id,
        kept,
        bracket,
    )
    beneath = max(0, min(_NEIGHBOURS, (ranked + 1) // 2 - own.rank))
    rows = await connection.fetch(
        f"""select t.person_id, t.value, 1 + (select count(*) from {table} m
              where m.contest_id = $1 and m.mode = $2 and m.value > t.value
                and ($3::int is null or m.bracket = $3)) as rank
            from ((select * from {table} t where contest_id = $1 and mode = $2
                     and ($3::int is null or bracket = $3) and value >= $5 and person_id <> $4
                     and {_SHOWN}
                   order by value, person_id limit $6)
                  union all
                  (select * from {table} where contest_id = $1 and mode = $2 and person_id = $4)
                  union all
                  (select * from {table} t where contest_id = $1 and mode = $2
                     and ($3::int is null or bracket = $3) and value < $5 and value > 0
                     and {_SHOWN}
                   order by value desc, person_id limit $7)) t
            order by rank, t.person_id""",
        contest.id,
        kept,
        bracket,
        person_id,
        own.value,
        _NEIGHBOURS,
        beneath,
    )
    return [StandingRow(row["rank"], row["value"], person_id=row["person_id"]) for row in rows]


async def line(
    connection: Connection,
    contest: Contest,
    person_id: int,
    *,
    mode: Mode,
    everyone: bool = False,
    table: Table = "tally",
) -> Line | None:
    """A person's own line, in their bracket or among everyone; None: not placed.

    Their own value is the live one unless a table is named: a freeze hides it from others only.
    """
    row = await connection.fetchrow(
        f"""select t.value, t.bracket, t.team, 1 + (select count(*) from {table} m
              where m.contest_id = t.contest_id and m.mode = t.mode and m.value > t.value
                and ($4 or m.bracket = t.bracket)) as rank
            from {table} t where t.contest_id = $1 and t.mode = $2 and t.person_id = $3""",
        contest.id,
        kept_as(contest.charter, mode),
        person_id,
        everyone,
    )
    if row is None:
        return None
    rank = row["rank"] if row["value"] > 0 else None
    return Line(row["value"], rank, row["bracket"], row["team"])


async def next_above(
    connection: Connection, contest: Contest, own: Line, *, mode: Mode
) -> int | None:
    """What the next above in one's bracket has; None where nobody has more."""
    value: int | None = await connection.fetchval(
        """select min(value) from tally
           where contest_id = $1 and mode = $2 and bracket = $3 and value > $4""",
        contest.id,
        kept_as(contest.charter, mode),
        own.bracket,
        own.value,
    )
    return value


async def value_at(
    connection: Connection, contest: Contest, *, mode: Mode, bracket: int | None, place: int
) -> int:
    """What the person in a place has; 0 where fewer have anything."""
    value: int | None = await connection.fetchval(
        """select value from tally where contest_id = $1 and mode = $2 and value > 0
             and ($3::int is null or bracket = $3)
           order by value desc offset $4 - 1 limit 1""",
        contest.id,
        kept_as(contest.charter, mode),
        bracket,
        place,
    )
    return value or 0


# Only who stands there by their own choice: under a name or an alias, and taking part.
_SHOWN = """exists (select from profile p where p.person_id = t.person_id and p.visibility <> 'hidden')
  and (select e.state from enrolment e where e.person_id = t.person_id and e.effective_at <= now()
       order by e.effective_at desc limit 1) is distinct from 'left'"""


async def _teams(connection: Connection, contest: Contest, mode: Mode, table: Table) -> list[Team]:
    charter: Charter = contest.charter
    rows = await connection.fetch(
        f"select person_id, team, value from {table} where contest_id = $1 and mode = $2",
        contest.id,
        kept_as(charter, mode),
    )
    return team_standing(charter, [(row["team"], row["value"]) for row in rows])


def _team_row(team: Team) -> StandingRow:
    return StandingRow(team.rank, team.value, team=team.name, members=team.members)
