"""What can be won, as lines for people. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.pages.words import ordinal
from rewards import Among, Charter, Prize, PrizeKind, in_words
from scoring import metrics


@dataclass(frozen=True, slots=True)
class PrizeLine:
    """'1st place', 'in every bracket', '2 vacation days'."""

    who: str
    among: str | None
    what: str


def prize_lines(charter: Charter) -> list[PrizeLine]:
    """All prizes in the charter's order."""
    return [
        PrizeLine(who(charter, prize), among(charter, prize), what(prize))
        for prize in charter.prizes
    ]


def first_prize(charter: Charter) -> str:
    """What a card names: the prize the charter has first."""
    return what(charter.prizes[0]) if charter.prizes else "Recognition"


def what(prize: Prize) -> str:
    """'€200', '2 vacation days', '€200 or 1 vacation day, as you choose', 'a word of thanks'."""
    amounts = " or ".join(in_words(amount) for amount in prize.amounts)
    if prize.kind is PrizeKind.CHOICE:
        amounts += ", as you choose"
    return amounts or prize.text or "Recognition"


def who(charter: Charter, prize: Prize) -> str:
    """Who wins it: '1st place', '2nd to 4th place', 'Everyone who is answered by 25 people'."""
    if prize.first_place is not None:
        last = prize.last_place or prize.first_place
        if last == prize.first_place:
            return f"{ordinal(last)} place"
        return f"{ordinal(prize.first_place)} to {ordinal(last)} place, each"
    goal = metrics()[charter.metric].goal_in_words(prize.reach or charter.least)
    if prize.kind is PrizeKind.DRAW:
        return f"{prize.at_most or 1} drawn by lot among everyone who {goal}"
    return f"Everyone who {goal}"


def among(charter: Charter, prize: Prize) -> str | None:
    """Among whom: 'in every bracket', 'the first 30, in all brackets together'."""
    parts = []
    if prize.first_place is None and prize.at_most is not None and prize.kind is not PrizeKind.DRAW:
        parts.append(f"the first {prize.at_most}" if prize.at_most > 1 else "the first one")
    if len(charter.brackets) > 1:
        everywhere = prize.among is Among.EACH
        parts.append("in every bracket" if everywhere else "in all brackets together")
    return ", ".join(parts) or None
