"""The charter: everything that decides a contest, in one value under one hash. Pure.

Law: nothing outside the charter and the facts decides a contest. It pins the rulebook, the networks
with their incentive modes, the brackets, prizes and tie-breakers; its canonical JSON is what the hash
on the page is of, and `fanfare verify-contest` reads nothing else.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Literal

import msgspec

from rewards.amounts import Amount


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a charter."""


class Network(Terms, frozen=True):
    """A network that counts, and what may be won for its facts, as it stood when published."""

    name: str
    mode: Literal["cash", "recognition"]  # a network whose policy is `off` cannot be in a charter
    reason: str
    source: str
    read_on: str  # ISO date
    override: str | None = (
        None  # an administrator's recorded reason, where the policy was overridden
    )


class Bracket(Terms, frozen=True):
    """People whose audience at the start is at least `at_least` and below `below` (None: no end)."""

    name: str
    at_least: int
    below: int | None


class Among(StrEnum):
    """Among whom a prize is given."""

    EACH = "each"  # in every bracket
    ALL = "all"  # in all brackets together


class PrizeKind(StrEnum):
    """The names of the files in rewards/prizes."""

    CASH = "cash"
    DAYS = "days"
    CHOICE = "choice"
    RECOGNITION = "recognition"
    DRAW = "draw"


class Prize(Terms, frozen=True):
    """What places win, or everyone who reaches a threshold.

    Either `first_place`..`last_place` (1..3: each of the three places wins `amounts`), or `reach` with
    `at_most` winners (the earliest to reach it). `amounts`: one; two for cash or days as the winner
    chooses; none for recognition, which has `text` instead. A draw picks `at_most` of those who
    reached `reach`.
    """

    number: int  # 1, 2, 3 … in charter order
    kind: PrizeKind
    among: Among
    amounts: tuple[Amount, ...] = ()
    text: str | None = None
    first_place: int | None = None
    last_place: int | None = None
    reach: int | None = None
    at_most: int | None = None
    budgets: tuple[int, ...] = ()  # budget ids, one for each amount

    def __post_init__(self) -> None:
        """Raises ValueError for what no charter can hold: a cost without an end, or of no budget."""
        if (self.first_place is None) == (self.reach is None):
            raise ValueError("a prize is for places or for reaching a value")
        if self.amounts and self.first_place is None and self.at_most is None:
            raise ValueError("a prize that costs something says how many win it at most")
        if self.budgets and len(self.budgets) != len(self.amounts):
            raise ValueError("every amount of a prize has its budget")

    @property
    def mode(self) -> Literal["prize", "recognition"]:
        """Which standing decides it: recognition sees every network, all else only cash networks."""
        return "recognition" if self.kind is PrizeKind.RECOGNITION else "prize"


class Open(Terms, frozen=True):
    """Who can enter: everybody who takes part, or those of some departments or offices."""

    to: Literal["all", "departments", "offices"] = "all"
    ids: tuple[int, ...] = ()
    names: tuple[str, ...] = ()  # as they were called when published


class Charter(Terms, frozen=True, kw_only=True):
    """The official rules of a contest."""

    format: Literal[1] = 1
    contest_id: int
    slug: str
    name: str
    description: str = ""
    metric: str  # a file in scoring/metrics
    metric_version: int
    rulebook: str | None  # the TOML that counts, for metrics that need one
    growth_floor: int = 100  # follower growth: at least so many followers are divided by
    zone: str
    start_at: datetime
    end_at: datetime
    settle_hours: int = 72
    freeze_hours: int | None = None  # the public standing stands still for so long before the end
    open: Open = Open()
    entering: Literal["click", "default"] = "click"  # default: everybody is in, with opt-out
    who: Literal["people", "departments", "offices"] = "people"  # the latter two: teams
    team_least: int = 3  # members that entered, below which a team is not ranked
    networks: tuple[Network, ...]
    disclosure_tag: str | None  # posts must carry it where there are prizes
    brackets: tuple[Bracket, ...]  # one that holds everybody where people are not divided
    prizes: tuple[Prize, ...]
    least: int = 1  # a smaller value wins nothing
    cool_down_days: int = 0  # who won so recently may enter and is ranked, and does not win
    breakers: tuple[Literal["earliest", "pool", "order"], ...]  # tie-breakers; the last is `order`
    order_commitment: str  # sha256 of the seed behind `order` and draws
    accept_days: int = 14  # a winner who says nothing for so long: the award lapses
    pass_on: bool = False  # a declined award goes once to the next
    tell_privately: bool = True  # winners are told before anybody else
    days_expire_months: int | None = 12
    gross_up: bool = False
    tax_notes: tuple[tuple[str, str], ...] = ()  # (country, text) in the words HR owns
    contact: str
    proposer_id: int  # who publishes proposes the awards

    def canonical(self) -> bytes:
        """The bytes under the hash: sorted keys, UTF-8, no white space."""
        return canonical(self)

    @property
    def sha256(self) -> str:
        """The hash that everyone can see."""
        return sha256(self.canonical()).hexdigest()


def canonical(value: object) -> bytes:
    """Canonical JSON of anything msgspec can write: keys sorted at every depth."""
    return msgspec.json.encode(msgspec.to_builtins(value), order="sorted")


def read_charter(body: str | bytes) -> Charter:
    """A charter from its canonical JSON; raises msgspec.ValidationError for anything else."""
    return msgspec.json.decode(body, type=Charter)
