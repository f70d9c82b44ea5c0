"""How a contest has its facts counted: by its own charter, once for each standing it has.

Law: the standing that money and days are won from never sees a fact of a network whose own rules
allow recognition at most.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from rewards.connection import Connection
from rewards.contests.charter import Charter, PrizeKind
from scoring import (
    CountingTerms,
    Cutoff,
    Tallied,
    contest_metrics,
    seen_on,
    tally,
    tally_each,
)

Mode = Literal["prize", "recognition"]
MODES: Final[tuple[Mode, ...]] = ("prize", "recognition")


def networks(charter: Charter, mode: Mode) -> frozenset[str]:
    """The networks whose facts a standing sees."""
    return frozenset(
        network.name for network in charter.networks if mode != "prize" or network.mode == "cash"
    )


def modes(charter: Charter) -> tuple[Mode, ...]:
    """The standings that are kept: one where every network may count for prizes, else both."""
    return MODES if networks(charter, "prize") != networks(charter, "recognition") else ("prize",)


def kept_as(charter: Charter, mode: Mode) -> Mode:
    """Under which mode a standing is kept: the one serves both where they cannot differ."""
    return mode if mode in modes(charter) else "prize"


def terms(charter: Charter, mode: Mode, end_at: datetime | None = None) -> CountingTerms:
    """What counts, for one standing; `end_at` counts a part of it."""
    return CountingTerms(
        metric=charter.metric,
        start_at=charter.start_at,
        end_at=end_at or charter.end_at,
        platforms=networks(charter, mode),
        rulebook=charter.rulebook,
        growth_floor=charter.growth_floor,
        zone=ZoneInfo(charter.zone),
        needs_disclosure=charter.disclosure_tag is not None,
        goals=thresholds(charter),
    )


def thresholds(charter: Charter) -> tuple[int, ...]:
    """The values that win something as soon as they are reached: when that was decides who is first."""
    return tuple(
        sorted(
            {
                max(prize.reach, charter.least)
                for prize in charter.prizes
                if prize.reach is not None and prize.kind is not PrizeKind.DRAW
            }
        )
    )


async def count(
    connection: Connection,
    charter: Charter,
    person_ids: Sequence[int],
    *,
    cutoff: Cutoff,
    with_facts: bool = False,
    only: Collection[Mode] = MODES,
    end_at: datetime | None = None,
) -> Mapping[Mode, Mapping[int, Tallied]]:
    """The standings of these people; `only` some modes, up to `end_at` where it is given.

    What cannot differ is counted once.
    """
    kept: dict[Mode, Mapping[int, Tallied]] = {}
    for mode in {kept_as(charter, asked) for asked in only}:
        if networks(charter, mode):
            kept[mode] = await tally(
                connection,
                terms(charter, mode, end_at),
                person_ids,
                cutoff=cutoff,
                with_facts=with_facts,
            )
        else:
            # Nothing may count for prizes: said here, not left to what no network means elsewhere.
            kept[mode] = _nothing(person_ids)
    return {mode: kept[kept_as(charter, mode)] for mode in only}


async def count_each(
    connection: Connection, charters: Sequence[Charter], person_ids: Sequence[int], cutoff: Cutoff
) -> list[Mapping[Mode, Mapping[int, Tallied]]]:
    """The standings that are kept of several contests, in their order; what they share is read once.

    Of whom nothing was told on the networks that are for recognition only, both standings are one.
    """
    apart = {
        name
        for charter in charters
        for name in networks(charter, "recognition") - networks(charter, "prize")
    }
    loud = await seen_on(connection, person_ids, apart) if apart else set()
    found: list[dict[Mode, dict[int, Tallied]]] = [
        {mode: {} for mode in modes(charter)} for charter in charters
    ]
    for people, both in (
        ([person for person in person_ids if person in loud], True),
        ([person for person in person_ids if person not in loud], False),
    ):
        asked = [
            (place, mode)
            for place, charter in enumerate(charters)
            for mode in modes(charter)
            if networks(charter, mode) and (both or not _same_without(charter, mode))
        ]
        each = [terms(charters[place], mode) for place, mode in asked]
        counted = await tally_each(connection, each, people, cutoff=cutoff)
        for (place, mode), values in zip(asked, counted, strict=True):
            found[place][mode] |= values
        for place, charter in enumerate(charters):
            for mode in modes(charter):
                if not networks(charter, mode):
                    found[place][mode] |= _nothing(people)
                elif (place, mode) not in asked:
                    found[place][mode] |= {
                        person: found[place]["recognition"][person] for person in people
                    }
    return list(found)


def _same_without(charter: Charter, mode: Mode) -> bool:
    """Whether a standing is the other one for who is not seen on the networks apart. Followers say
    why somebody cannot be ranked by all accounts, seen or not."""
    contest = contest_metrics()[charter.metric].contest
    return mode == "prize" and len(modes(charter)) > 1 and bool(contest and contest.has_moments)


def _nothing(person_ids: Sequence[int]) -> dict[int, Tallied]:
    return {person: Tallied(person, 0, None, (), None) for person in person_ids}
