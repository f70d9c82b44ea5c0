"""One tap of a colleague for a winner.

Laws: only who stands there by name or alias, in an announcement that is over, is congratulated, and
nobody by themselves; a tap counts once and can be taken back at any time, though not for ever anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rewards.announcements.reading import STILL_WON, of_contest
from rewards.awards import AwardView, award
from rewards.connection import Connection
from rewards.notices import notify
from rewards.refusal import Refused

# Of one person for one award, taken back included: nobody fills a table by tapping.
MOST_TAPS: Final = 40
# The newest row of award and person holds.
_NEWEST: Final = """
select distinct on (award_id, person_id) id, award_id, person_id, given from congratulation
where award_id = any($1::bigint[]) order by award_id, person_id, id desc
"""
# Whoever hides, pauses or left is nobody by name any more; nor is who had an alias and has none.
_STANDS_BY_NAME: Final = """
select exists (
  select from profile p where p.person_id = $1
    and (p.visibility = 'alias' or ($2 = 'name' and p.visibility = 'name'))
    and (select e.state from enrolment e where e.person_id = $1 and e.effective_at <= $3
         order by e.effective_at desc limit 1) = 'active')
"""


@dataclass(frozen=True, slots=True)
class Congratulated:
    """Who congratulated a winner: how many, whether the viewer did, who, the first first."""

    count: int = 0
    given: bool = False
    people: tuple[int, ...] = ()


async def congratulate(
    connection: Connection, award_id: int, *, by: int, given: bool, now: datetime
) -> None:
    """Congratulate the winner of an award, or take it back. Raises Refused."""
    async with connection.transaction():
        view = await award(connection, award_id)
        if given:
            await _refuse(connection, view, by, now)
        # Of two taps of one person at once the second sees the first.
        await connection.execute(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"congratulate:{award_id}:{by}"
        )
        taps = await connection.fetch(
            """select given from congratulation where award_id = $1 and person_id = $2
               order by id desc limit $3""",
            award_id,
            by,
            MOST_TAPS,
        )
        if bool(taps and taps[0]["given"]) == given:
            return  # a double tap
        if given and len(taps) == MOST_TAPS:
            raise Refused(
                "You have changed your mind about this often enough; it stays taken back."
            )
        await connection.execute(
            """insert into congratulation (award_id, person_id, given, recorded_at)
               values ($1, $2, $3, $4)""",
            award_id,
            by,
            given,
            now,
        )
        if given and view.team is None:
            await notify(
                connection,
                view.person_id,
                "award_congratulated",
                {"contest": view.terms.contest, "slug": view.terms.slug},
                key=f"award_congratulated:{award_id}",
                now=now,
            )


async def congratulations(
    connection: Connection, award_ids: Sequence[int], viewer_id: int | None
) -> dict[int, Congratulated]:
    """Of each award who congratulated; every id asked for is answered. `viewer_id` None: nobody's."""
    people: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in await connection.fetch(_NEWEST, list(award_ids)):
        if row["given"]:
            people[row["award_id"]].append((row["id"], row["person_id"]))
    return {
        id: Congratulated(
            len(people[id]),
            any(person == viewer_id for _, person in people[id]),
            tuple(person for _, person in sorted(people[id])),
        )
        for id in award_ids
    }


async def _refuse(connection: Connection, view: AwardView, by: int, now: datetime) -> None:
    """Raises Refused unless somebody may be congratulated by somebody for an award."""
    announced = await of_contest(connection, view.contest_id)
    if (
        announced is None
        or announced.finished_at is None
        or view.state not in STILL_WON
        or not announced.tells_of(view.id, view.passed_from)
    ):
        raise Refused("Winners can be congratulated when they were announced.")
    if view.team is not None:
        own = await connection.fetchval(
            """select exists (select from award
               where contest_id = $1 and team = $2 and person_id = $3)""",
            view.contest_id,
            view.team,
            by,
        )
        if own:
            raise Refused("That is your own team’s.")
        return  # a team stands there by its name
    if view.person_id == by:
        raise Refused("That is your own.")
    if view.display.name == "none" or not await connection.fetchval(
        _STANDS_BY_NAME, view.person_id, view.display.name, now
    ):
        raise Refused("This winner prefers not to be named.")
