"""What would have come of a contest had it run just before: computed from facts, never guessed.

Law: the same counting and the same decision as the real contest, over the last equally long stretch
of time that is over; nothing of anybody is shown but sums over people.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from rewards.connection import Connection
from rewards.contests.brackets import place_in_brackets
from rewards.contests.charter import Charter
from rewards.contests.counting import Mode, count, kept_as, networks, thresholds
from rewards.contests.decide import Contender, Outcome, decide
from rewards.contests.people import open_to
from scoring import Cutoff, Tallied, audiences

NEAR: Final = 5  # a real chance: within a fifth of what a winner had
TOP: Final = 3
_KEPT_S: Final = 600.0  # while somebody writes a contest, yesterday's facts stay what they are
_MOST_KEPT: Final = 16  # a few people write at a time, each tries a few metrics


@dataclass(frozen=True, slots=True)
class BracketForecast:
    """One bracket of the contest as it would have been."""

    name: str
    could_enter: int
    had_anything: int
    real_chance: int  # winners, and who came within a fifth of one


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the same contest would have been in [from_at, to_at)."""

    from_at: datetime
    to_at: datetime
    could_enter: int
    brackets: tuple[BracketForecast, ...]
    winners: int  # different people
    share_of_top: float | None  # of all prizes, what the three who won most would have taken
    unwon: int  # prizes nobody would have won


@dataclass(frozen=True, slots=True)
class _Past:
    """The counted past: who could enter for which team, their audience and their values."""

    from_at: datetime
    to_at: datetime
    people: Mapping[int, str | None]
    audience: Mapping[int, int | None]
    values: Mapping[Mode, Mapping[int, Tallied]]


_kept: dict[object, tuple[float, _Past]] = {}


async def forecast(connection: Connection, charter: Charter, now: datetime) -> Forecast:
    """The forecast for a charter that is being written. Seconds at first for a large company, then
    at once while only brackets, prizes and words change."""
    past = await _past(connection, charter, now)
    bracket_of = {
        person: place_in_brackets(charter.brackets, past.audience.get(person))
        for person in past.people
    }
    standings = {
        mode: [
            Contender(
                person_id=person,
                bracket=bracket_of[person],
                team=past.people[person],
                value=tallied.value,
                reached_at=tallied.reached_at,
                eligible=tallied.missing is None,
                why_not=tallied.missing,
                goals=tallied.goals,
            )
            for person, tallied in values.items()
        ]
        for mode, values in past.values.items()
    }
    outcome = decide(charter, standings, b"\0" * 32)
    return Forecast(
        from_at=past.from_at,
        to_at=past.to_at,
        could_enter=len(past.people),
        brackets=tuple(
            _bracket(charter, index, standings, outcome, bracket_of)
            for index in range(len(charter.brackets))
        ),
        winners=len({win.person_id for win in outcome.wins}),
        share_of_top=_share_of_top(outcome),
        unwon=len(outcome.unwon),
    )


def _bracket(
    charter: Charter,
    index: int,
    standings: Mapping[Mode, Sequence[Contender]],
    outcome: Outcome,
    bracket_of: Mapping[int, int],
) -> BracketForecast:
    mode_of = {prize.number: prize.mode for prize in charter.prizes}
    near: set[int] = set()
    active: set[int] = set()
    for mode, contenders in standings.items():
        here = [c for c in contenders if c.bracket == index and c.value > 0]
        active |= {contender.person_id for contender in here}
        winners = {
            win.person_id
            for win in outcome.wins
            if bracket_of[win.person_id] == index and mode_of[win.prize] == mode
        }
        least = min((c.value for c in here if c.person_id in winners), default=None)
        if least is not None:
            # Within a fifth: at least four fifths of the least that won.
            near |= {c.person_id for c in here if c.value * NEAR >= least * (NEAR - 1)}
    could = sum(1 for bracket in bracket_of.values() if bracket == index)
    return BracketForecast(charter.brackets[index].name, could, len(active), len(near))


def _share_of_top(outcome: Outcome) -> float | None:
    """Amounts of different kinds cannot be added, so each prize counts as one."""
    if not outcome.wins:
        return None
    won: dict[int, int] = {}
    for win in outcome.wins:
        won[win.person_id] = won.get(win.person_id, 0) + 1
    return sum(sorted(won.values(), reverse=True)[:TOP]) / len(outcome.wins)


async def _past(connection: Connection, charter: Charter, now: datetime) -> _Past:
    key = (
        await connection.fetchval("select current_database()"),
        charter.metric,
        charter.end_at - charter.start_at,
        charter.networks,
        charter.open,
        charter.who,
        charter.growth_floor,
        charter.rulebook,
        charter.disclosure_tag is not None,
        charter.proposer_id,
        thresholds(charter),
    )
    moment = time.monotonic()
    for old in [known for known, (at, _) in _kept.items() if moment - at > _KEPT_S]:
        del _kept[old]
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            del _kept[min(_kept, key=lambda known: _kept[known][0])]
        _kept[key] = moment, await _count_past(connection, charter, now)
    return _kept[key][1]


async def _count_past(connection: Connection, charter: Charter, now: datetime) -> _Past:
    to_at = min(charter.start_at, now)
    from_at = to_at - (charter.end_at - charter.start_at)
    people = await open_to(connection, charter, at=now)
    shifted = msgspec.structs.replace(charter, start_at=from_at, end_at=to_at)
    audience = await audiences(
        connection, sorted(people), at=from_at, platforms=networks(charter, "recognition")
    )
    counted = await count(connection, shifted, sorted(people), cutoff=Cutoff())
    values = {mode: counted[mode] for mode in counted if kept_as(charter, mode) == mode}
    return _Past(from_at, to_at, people, audience, values or counted)


def forget_forecasts() -> None:
    """Count anew when asked next; for tests, whose companies change between two questions."""
    _kept.clear()
