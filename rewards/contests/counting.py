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
from scoring import CountingTerms, Cutoff, Tallied, tally

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
            kept[mode] = {person: Tallied(person, 0, None, (), None) for person in person_ids}
    return {mode: kept[kept_as(charter, mode)] for mode in only}
