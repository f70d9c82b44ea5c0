"""Who wins what: from a charter, final values and the seed. Pure.

Laws: only who is eligible and has at least the charter's least wins; whoever stands behind somebody who
cannot win moves up. Ties are broken as the charter says, in its order, and in the end by an order
nobody could know before: the hash of the seed and the person. No cent is lost, no day is split.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rewards.amounts import Amount, split
from rewards.contests.charter import Among, Charter, Prize, PrizeKind
from rewards.contests.counting import Mode
from rewards.contests.sides import Contender, Side, order_of, sides, ties
from rewards.prizes import prize_kinds

__all__ = ["Contender", "Outcome", "Win", "decide"]


@dataclass(frozen=True, slots=True)
class Win:
    """A prize that somebody won; `why` says by what."""

    prize: int
    place: int | None
    bracket: int | None
    person_id: int
    team: str | None
    amount: Amount | None
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """All wins, and prizes (number, place, bracket) that nobody won."""

    wins: list[Win] = field(default_factory=list)
    unwon: list[tuple[int, int | None, int | None]] = field(default_factory=list)


def decide(charter: Charter, standings: Mapping[Mode, Sequence[Contender]], seed: bytes) -> Outcome:
    """The wins of a contest whose facts are final."""
    outcome = Outcome()
    for mode in ("prize", "recognition"):
        prizes = [prize for prize in charter.prizes if prize.mode == mode]
        for among in Among:
            scope = [prize for prize in prizes if prize.among == among]
            for bracket in range(len(charter.brackets)) if among is Among.EACH else (None,):
                here = [
                    contender
                    for contender in standings[mode]
                    if bracket is None or contender.bracket == bracket
                ]
                _places(charter, scope, here, bracket, seed, outcome)
                for prize in scope:
                    if prize.first_place is None:
                        _reached(charter, prize, here, bracket, seed, outcome)
    return outcome


def _places(
    charter: Charter,
    prizes: Sequence[Prize],
    contenders: Sequence[Contender],
    bracket: int | None,
    seed: bytes,
    outcome: Outcome,
) -> None:
    ladder = {
        place: prize
        for prize in prizes
        if prize.first_place is not None
        for place in range(prize.first_place, (prize.last_place or prize.first_place) + 1)
    }
    if not ladder:
        return
    place = 1
    for tied in ties(charter, sides(charter, contenders, seed)):
        if place > max(ladder):
            break
        span = range(place, place + len(tied))
        place += len(tied)
        won = [ladder[at] for at in span if at in ladder]
        if not won:
            continue
        if len(tied) > 1 and _may_pool(charter, won):
            units = sum(prize.amounts[0].units for prize in won)
            shares = split(Amount(units, won[0].amounts[0].currency), len(tied))
            for side, share in zip(tied, shares, strict=True):
                if share.units:
                    _give(outcome, won[0], span[0], bracket, side, share, "shares the place")
            continue
        for at, side in zip(span, tied, strict=True):
            if at in ladder:
                why = "sealed order" if len(tied) > 1 else "place"
                amount = ladder[at].amounts[0] if ladder[at].amounts else None
                _give(outcome, ladder[at], at, bracket, side, amount, why)
    for at, prize in sorted(ladder.items()):
        if at >= place:
            outcome.unwon.append((prize.number, at, bracket))


def _reached(
    charter: Charter,
    prize: Prize,
    contenders: Sequence[Contender],
    bracket: int | None,
    seed: bytes,
    outcome: Outcome,
) -> None:
    goal = max(prize.reach or 0, charter.least)
    enough = [side for side in sides(charter, contenders, seed) if side.value >= goal]
    if prize.kind is PrizeKind.DRAW:
        key: Callable[[Side], Any] = lambda side: order_of(  # noqa: E731
            seed, f"draw:{prize.number}:{side.people[0].person_id}"
        )
        why = "drawn"
    else:
        # By the moment of the threshold, not of the final value: going on makes nobody later.
        key = lambda side: (side.reached(goal), side.order)  # noqa: E731
        why = "reached"
    enough.sort(key=key)
    for side in enough[: prize.at_most]:
        amount = prize.amounts[0] if prize.amounts else None
        _give(outcome, prize, None, bracket, side, amount, why)
    if prize.at_most is not None and len(enough) < prize.at_most:
        outcome.unwon.append((prize.number, None, bracket))


def _may_pool(charter: Charter, prizes: Sequence[Prize]) -> bool:
    """What a kind lets who ties share is pooled, where it comes from one budget."""
    first = prizes[0]
    return "pool" in charter.breakers and all(
        prize_kinds()[prize.kind].shared_when_tied
        and prize.budgets == first.budgets
        and prize.amounts[0].currency == first.amounts[0].currency
        for prize in prizes
    )


def _give(
    outcome: Outcome,
    prize: Prize,
    place: int | None,
    bracket: int | None,
    side: Side,
    amount: Amount | None,
    why: str,
) -> None:
    shares: Sequence[Amount | None] = [amount] * len(side.people)
    if side.team is not None and amount is not None and amount.currency is not None:
        shares = split(amount, len(side.people))
    for person, share in zip(side.people, shares, strict=True):
        if share is None or share.units:
            outcome.wins.append(
                Win(prize.number, place, bracket, person.person_id, side.team, share, why)
            )
