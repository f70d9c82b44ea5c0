"""What pages show of contests: cards, one contest, its standing, one's own part in it.

Law: nobody sees who is in a contest except in the standing, where people stand by their own choice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rewards.connection import Connection
from rewards.contests.charter import Among, Charter
from rewards.contests.counting import MODES, Mode, kept_as, modes
from rewards.contests.entering import enterable, why_not
from rewards.contests.entrants import how_many, state_of
from rewards.contests.gap import Gap, last_places, next_prize, to_pass
from rewards.contests.record import Contest, NoSuchContest, by_slug, every, read
from rewards.contests.stage import Amendment, Event, Moments, Stage
from rewards.contests.standings import (
    Line,
    StandingRow,
    around_person,
    line,
    next_above,
    table_of,
    top,
    value_at,
)


@dataclass(frozen=True, slots=True)
class ContestCard:
    """A contest in a list."""

    id: int
    slug: str
    name: str
    charter: Charter  # with amendments
    stage: Stage
    moments: Moments
    entrants: int
    entered: bool | None  # None: the viewer never said anything
    open_to_viewer: bool  # whether the viewer could enter now, or is in


@dataclass(frozen=True, slots=True)
class ContestView:
    """A published contest."""

    id: int
    slug: str
    charter: Charter  # with amendments
    published: Charter  # as its hash covers it
    sha256: str
    stage: Stage
    moments: Moments
    entrants: int
    events: tuple[Event, ...]
    amendments: tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """A person's part in one standing. `rank` None: nothing yet."""

    value: int
    rank: int | None
    bracket: int
    team: str | None
    gap: Gap | None  # to the next place
    prize_gap: Gap | None  # to the nearest prize


@dataclass(frozen=True, slots=True)
class Own:
    """A person's part in a contest: both figures, and why they differ."""

    state: str | None  # entered, withdrawn, None: never said anything
    cannot_enter: str | None  # why, for who is not in; None: they can
    audience: int | None  # what decided the bracket; None: not known, so the lowest
    prize: OwnStanding | None  # None: not placed yet
    recognition: OwnStanding | None
    why: tuple[tuple[str, str], ...]  # network, reason: for recognition only
    frozen: bool  # others see the standing as it was; one's own figures go on

    @property
    def entered(self) -> bool:
        """Whether the person is in."""
        return self.state == "entered"

    @property
    def only_recognition(self) -> int:
        """What counts for recognition and not for prizes."""
        if self.prize is None or self.recognition is None:
            return 0
        return self.recognition.value - self.prize.value


async def contest(connection: Connection, slug: str, *, now: datetime) -> ContestView:
    """A published contest by its address. Raises NoSuchContest, also for a draft."""
    return await _view(connection, await by_slug(connection, slug), now)


async def contests(
    connection: Connection, *, viewer_id: int | None, now: datetime
) -> list[ContestCard]:
    """Every published contest, the newest first, as a person sees it."""
    found = [one for one in await every(connection) if one.published is not None]
    said = await _said(connection, viewer_id)
    can_enter: Collection[int] = ()
    if viewer_id is not None:
        can_enter = await enterable(connection, found, viewer_id, now)
    counts = await _counts(connection)
    cards = []
    for one in found:
        state = said.get(one.id)
        cards.append(
            ContestCard(
                one.id,
                one.slug,
                one.charter.name,
                one.charter,
                one.stage(now),
                one.moments,
                counts.get(one.id, 0),
                None if state is None else state == "entered",
                state == "entered" or one.id in can_enter,
            )
        )
    return cards


async def standing(
    connection: Connection,
    contest_id: int,
    *,
    mode: Mode,
    bracket: int | None = None,
    around: int | None = None,
    limit: int = 50,
) -> list[StandingRow]:
    """The public standing of a bracket, or of all (None): its top, or the lines around a person.

    Frozen while the charter freezes it. A team contest has one standing, of teams.
    """
    found = await read(connection, contest_id)
    if around is not None:
        return await around_person(connection, found, around, mode=mode, bracket=bracket)
    return await top(connection, found, mode=mode, bracket=bracket, limit=limit)


async def own(connection: Connection, contest_id: int, person_id: int, *, now: datetime) -> Own:
    """A person's own part: the live figures, whatever others see."""
    found = await read(connection, contest_id)
    charter = found.charter
    state = await state_of(connection, contest_id, person_id)
    lines: dict[Mode, OwnStanding | None] = dict.fromkeys(MODES)
    if state == "entered":
        for mode in modes(charter):
            lines[mode] = await _own_standing(connection, found, person_id, mode)
        lines = {mode: lines[kept_as(charter, mode)] for mode in MODES}
    audience = await connection.fetchval(
        "select audience from placement where contest_id = $1 and person_id = $2",
        contest_id,
        person_id,
    )
    return Own(
        state=state,
        cannot_enter=None
        if state == "entered"
        else await why_not(connection, found, person_id, now),
        audience=audience,
        prize=lines["prize"],
        recognition=lines["recognition"],
        why=tuple(
            (network.name, network.reason)
            for network in charter.networks
            if network.mode == "recognition"
        ),
        frozen=table_of(found) == "frozen_tally",
    )


async def _own_standing(
    connection: Connection, contest: Contest, person_id: int, mode: Mode
) -> OwnStanding | None:
    mine: Line | None = await line(connection, contest, person_id, mode=mode)
    if mine is None:
        return None
    charter = contest.charter
    if charter.who != "people":
        return OwnStanding(mine.value, None, mine.bracket, mine.team, None, None)
    above = await next_above(connection, contest, mine, mode=mode)
    at_place: dict[tuple[Among, int], int] = {}
    for among, place in last_places(charter, mode):
        bracket = mine.bracket if among is Among.EACH else None
        at_place[among, place] = await value_at(
            connection, contest, mode=mode, bracket=bracket, place=place
        )
    return OwnStanding(
        mine.value,
        mine.rank,
        mine.bracket,
        mine.team,
        to_pass(mine.value, above),
        next_prize(charter, mode, mine.value, at_place),
    )


async def _view(connection: Connection, found: Contest, now: datetime) -> ContestView:
    if found.published is None or found.sha256 is None:
        raise NoSuchContest
    return ContestView(
        found.id,
        found.slug,
        found.charter,
        found.published,
        found.sha256,
        found.stage(now),
        found.moments,
        await how_many(connection, found.id),
        found.events,
        found.amendments,
    )


async def _said(connection: Connection, viewer_id: int | None) -> Mapping[int, str]:
    rows: Sequence[Mapping[str, object]] = await connection.fetch(
        """select distinct on (contest_id) contest_id, state from entrance
           where person_id = $1 order by contest_id, id desc""",
        viewer_id,
    )
    return {int(str(row["contest_id"])): str(row["state"]) for row in rows}


async def _counts(connection: Connection) -> Mapping[int, int]:
    rows = await connection.fetch(
        """select contest_id, count(*) as people from (
             select distinct on (contest_id, person_id) contest_id, state from entrance
             order by contest_id, person_id, id desc) newest
           where state = 'entered' group by contest_id"""
    )
    return {row["contest_id"]: row["people"] for row in rows}
