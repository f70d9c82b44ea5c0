"""The steps of a reveal in words, for whoever prepares it or holds the remote. Pure.

Law: they say what the staff screens show at that step and nothing more, for they are made of the same
frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.announcing.frame import Frame
from app.announcing.named import Gift, Named
from app.announcing.podium import Podium
from app.pages.contests.about import listed
from app.pages.contests.prizes import who
from app.pages.words import counted, ordinal
from rewards import Charter, StepKind, in_words


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step: 'Accounts of 500 to 5,000', '3rd place', 'Aiko Rahman'."""

    where: str | None
    title: str
    words: str | None


def step_words(frame: Frame, charter: Charter) -> StepWords:
    """What a frame shows."""
    return StepWords(where_of(frame.podium), title_of(frame, charter), _words(frame))


def where_of(podium: Podium | None) -> str | None:
    """The bracket of a part, and that it is about recognition where prizes have a part beside it."""
    if podium is None:
        return None
    where = podium.bracket or ("In all brackets" if podium.of_all else None)
    if podium.part is not None and podium.part.mode == "recognition":
        return f"{where}, for recognition" if where else "For recognition"
    return where


def title_of(frame: Frame, charter: Charter) -> str:
    """What kind of step it is."""
    match frame.kind:
        case StepKind.OPENING:
            return "The contest and what counted"
        case StepKind.PLACES:
            return "Everybody behind third place"
        case StepKind.PLACE:
            return f"{ordinal(frame.newest or 1)} place"
        case StepKind.HEADLINE:
            return "The headline"
        case StepKind.REACHED:
            assert frame.podium is not None, "such a step has a part"
            newest = frame.podium.reached[-1]
            return who(charter, next(p for p in charter.prizes if p.number == newest.prize))
        case StepKind.NOBODY:
            return "Nobody won here this time"
        case StepKind.CLOSING:
            return "Every first place once more"


def _words(frame: Frame) -> str | None:
    podium = frame.podium
    match frame.kind:
        case StepKind.OPENING:
            return f"“{frame.line}”" if frame.line else "No line of yours"
        case StepKind.HEADLINE:
            return short_names(frame.headline)
        case StepKind.CLOSING:
            return short_names([one.named for each in frame.firsts for one in each.places]) or None
        case StepKind.PLACES if podium is not None:
            return names([one.named for one in podium.behind])
        case StepKind.PLACE if podium is not None:
            return names([one.named for one in podium.places if one.place == frame.newest])
        case StepKind.REACHED if podium is not None:
            return counted(podium.reached[-1].count, "person", "people")
        case _:
            return None


def names(people: Sequence[Named]) -> str:
    """'Maya Okafor and Tomas Lindqvist', 'Maya Okafor and 2 colleagues'."""
    return _counted([one.name for one in people if not one.nameless], people)


def short_names(people: Sequence[Named]) -> str:
    """'Maya, Tomas and a colleague'."""
    return _counted([one.short for one in people if not one.nameless], people)


def _counted(said: Sequence[str], people: Sequence[Named]) -> str:
    rest = len(people) - len(said)
    more = [] if not rest else ["a colleague" if rest == 1 else f"{rest} colleagues"]
    words = listed([*said, *more]) if said or more else ""
    return words[:1].upper() + words[1:] if not said else words


def gift_words(gift: Gift | None) -> str | None:
    """'€200', '€200 or 1 vacation day', 'Breakfast with the board'."""
    if gift is None:
        return None
    return " or ".join(in_words(amount) for amount in gift.amounts) or gift.text or "Recognition"
