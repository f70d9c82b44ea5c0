"""Who competes in a standing: people or teams, in the order in which they stand. Pure.

Laws: only who is eligible and has at least the charter's least is a side; who ties stands in an order
nobody could know before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from itertools import groupby
from typing import Final

from rewards.contests.charter import Charter

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Contender:
    """An entrant with what counted for them in one standing."""

    person_id: int
    bracket: int
    team: str | None
    value: int
    reached_at: datetime | None
    eligible: bool = True
    why_not: str | None = None
    goals: Mapping[int, datetime] = field(default_factory=dict)  # when each threshold was reached


@dataclass(frozen=True, slots=True)
class Side:
    """Who competes for a place: a person, or a team with its members."""

    value: int | Fraction
    reached_at: datetime | None
    seed: bytes
    people: tuple[Contender, ...]
    team: str | None = None

    @property
    def order(self) -> bytes:
        """Worked out for those who tie, not for everybody."""
        return order_of(self.seed, self.people[0].person_id if self.team is None else self.team)

    def reached(self, goal: int) -> datetime:
        """When a threshold was reached; teams and followers have no such moment."""
        goals = self.people[0].goals if self.team is None else {}
        return goals.get(goal, _NEVER)


def order_of(seed: bytes, who: object) -> bytes:
    """The sealed order: by the SHA-256 of the seed, a colon and the person's id or team's name."""
    return sha256(seed + f":{who}".encode()).digest()


def sides(charter: Charter, contenders: Sequence[Contender], seed: bytes) -> list[Side]:
    """Who can win, people or teams."""
    if charter.who == "people":
        return [
            Side(c.value, c.reached_at, seed, (c,))
            for c in contenders
            if c.eligible and c.value >= max(1, charter.least)
        ]
    teams: dict[str, list[Contender]] = defaultdict(list)
    for contender in contenders:
        if contender.team is not None:
            teams[contender.team].append(contender)
    found = []
    for team, members in sorted(teams.items()):
        # In the sealed order: whose share a remaining cent falls to is nobody's choice.
        able = tuple(
            sorted((c for c in members if c.eligible), key=lambda c: order_of(seed, c.person_id))
        )
        mean = Fraction(sum(c.value for c in members), len(members))
        if len(members) >= charter.team_least and able and mean >= max(1, charter.least):
            moments = [c.reached_at for c in members if c.reached_at is not None]
            reached_at = max(moments, default=None)
            found.append(Side(mean, reached_at, seed, able, team))
    return found


def ties(charter: Charter, found: Sequence[Side]) -> Iterator[list[Side]]:
    """The best first; those whom no breaker before pooling tells apart are together, as sealed."""
    earliest = "earliest" in charter.breakers

    def key(side: Side) -> tuple[int | Fraction, datetime]:
        return -side.value, (side.reached_at or _NEVER) if earliest else _NEVER

    for _, together in groupby(sorted(found, key=key), key=key):
        tied = list(together)
        yield sorted(tied, key=lambda side: side.order) if len(tied) > 1 else tied
