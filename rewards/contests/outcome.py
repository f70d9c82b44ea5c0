"""Counting a contest out: its entrants with their final values, and what would come of it.

Law: what is counted here depends on the charter, the facts recorded by `facts_by`, the holds recorded
by `holds_by`, on who is in and on who could win at `at`; asked again with the same moments, it is the
same. Who is in moves under the contest's lock and no more once it is decided, so it needs no moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from rewards.connection import Connection
from rewards.contests.counting import MODES, Mode, count
from rewards.contests.decide import Contender, Outcome, Win, decide
from rewards.contests.eligibility import not_eligible
from rewards.contests.entrants import Placed, placed
from rewards.contests.record import Contest
from scoring import Cutoff, Tallied, open_cases_about

# Before anything was ever held: what everything would be were all released.
_NO_HOLDS: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Beyond so many people with open cases the combinations are not tried: any of them is waited for.
_MOST_TRIED: Final = 40


@dataclass(frozen=True, slots=True)
class CountedOut:
    """A contest counted out: final values, and the contenders they make."""

    people: Mapping[int, Placed]
    values: Mapping[Mode, Mapping[int, Tallied]]
    standings: Mapping[Mode, Sequence[Contender]]


async def count_out(
    connection: Connection,
    contest: Contest,
    *,
    facts_by: datetime,
    holds_by: datetime | None,
    at: datetime,
) -> CountedOut:
    """Count everybody who is in, and say who of them can win at a moment."""
    charter = contest.charter
    people = await placed(connection, contest.id)
    ids = sorted(people)
    values = await count(
        connection, charter, ids, cutoff=Cutoff(facts_by=facts_by, holds_by=holds_by)
    )
    why_not = await not_eligible(connection, charter, ids, at)
    if charter.who != "people":
        why_not |= {person: "no_team" for person in ids if people[person].team is None}
    standings = {
        mode: [_contender(people[person], values[mode][person], why_not) for person in ids]
        for mode in MODES
    }
    return CountedOut(people, values, standings)


def _contender(person: Placed, tallied: Tallied, why_not: Mapping[int, str]) -> Contender:
    # Who could not be counted does not place at all; who cannot win keeps their rank.
    reason = tallied.missing or why_not.get(person.person_id)
    return Contender(
        person_id=person.person_id,
        bracket=person.bracket,
        team=person.team,
        value=0 if tallied.missing else tallied.value,
        reached_at=tallied.reached_at,
        eligible=reason is None,
        why_not=reason,
        goals=tallied.goals,
    )


async def cases_that_matter(
    connection: Connection,
    contest: Contest,
    counted: CountedOut,
    seed: bytes,
    *,
    facts_by: datetime,
) -> list[int]:
    """The open cases of which a release could change who wins what; none: it can be decided.

    Each person with an open case is tried at their most while everybody else is at their least:
    whoever could be passed in some mixture of releases is passed, or passes, in one of these.
    """
    charter = contest.charter
    cases = await open_cases_about(
        connection, sorted(counted.people), start_at=charter.start_at, end_at=charter.end_at
    )
    if not cases:
        return []
    most = await count(
        connection,
        charter,
        sorted(cases),
        cutoff=Cutoff(facts_by=facts_by, holds_by=_NO_HOLDS),
    )
    moving = [
        person
        for person in sorted(cases)
        if any(most[mode][person] != counted.values[mode][person] for mode in MODES)
    ]
    usual = _won(decide(charter, counted.standings, seed))

    def changes(people: Sequence[int]) -> bool:
        lifted = _with(counted.standings, most, people)
        return _won(decide(charter, lifted, seed)) != usual

    matter = set(moving)
    if len(moving) <= _MOST_TRIED:
        matter = {person for person in moving if changes([person])}
        if not matter and changes(moving):
            matter = set(moving)
    return sorted({case for person in matter for case in cases[person]})


def _with(
    standings: Mapping[Mode, Sequence[Contender]],
    most: Mapping[Mode, Mapping[int, Tallied]],
    people: Sequence[int],
) -> dict[Mode, list[Contender]]:
    """The standings as they would be were everything of these people released."""
    lifted = set(people)
    return {
        mode: [
            replace(
                contender,
                value=most[mode][contender.person_id].value,
                reached_at=most[mode][contender.person_id].reached_at,
                goals=most[mode][contender.person_id].goals,
            )
            if contender.person_id in lifted
            else contender
            for contender in contenders
        ]
        for mode, contenders in standings.items()
    }


def _won(outcome: Outcome) -> set[tuple[object, ...]]:
    return {_what(win) for win in outcome.wins}


def _what(win: Win) -> tuple[object, ...]:
    return win.prize, win.place, win.bracket, win.person_id, win.team, win.amount
