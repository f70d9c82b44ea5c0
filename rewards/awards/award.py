"""An award and where it stands: a fold over what people and the clock decided about it. Pure.

Law: an award only goes forward, from proposed over approved, accepted and exported to paid, or aside
for good; which step may follow which is said in `FROM` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal

import msgspec

from rewards.amounts import Amount, Kind, in_words


class AwardState(StrEnum):
    """Where an award stands."""

    PROPOSED = "proposed"  # by who published the contest, when it was decided
    APPROVED = "approved"  # the winner may answer
    ACCEPTED = "accepted"  # waits for payroll; the end of the way for recognition
    EXPORTED = "exported"  # in a payout file
    PAID = "paid"
    REFUSED = "refused"
    DECLINED = "declined"  # voided, or passed on
    LAPSED = "lapsed"
    RECOVERED = "recovered"  # all that was paid came back
    VOIDED = "voided"  # days of somebody who left, settled otherwise by HR


OPEN: Final = frozenset(
    {AwardState.PROPOSED, AwardState.APPROVED, AwardState.ACCEPTED, AwardState.EXPORTED}
)
# The winner has it, or will: what a wallet counts as won.
WON: Final = frozenset({AwardState.ACCEPTED, AwardState.EXPORTED, AwardState.PAID})

# From which states a step may be taken.
FROM: Final[Mapping[str, frozenset[AwardState]]] = {
    "approved": frozenset({AwardState.PROPOSED}),
    "refused": frozenset({AwardState.PROPOSED}),
    "accepted": frozenset({AwardState.APPROVED}),
    "declined": frozenset({AwardState.APPROVED}),
    "lapsed": frozenset({AwardState.APPROVED}),
    "exported": frozenset({AwardState.ACCEPTED}),
    "paid": frozenset({AwardState.EXPORTED}),
    "recovered": frozenset({AwardState.PAID}),
    "voided": frozenset({AwardState.APPROVED, AwardState.ACCEPTED}),
}


class Terms(msgspec.Struct, frozen=True):
    """What the charter says of an award; it stands with the award, so nothing moves it later."""

    contest: str  # its name
    slug: str
    approvals: int  # how many people approve: two above the limit
    accept_days: int
    pass_on: bool
    tell_privately: bool
    days_expire_months: int | None
    zone: str
    gross_up: bool = False
    text: str | None = None  # what recognition says
    bracket: str | None = None  # its name
    amended_by: tuple[int, ...] = ()  # who amended what can be won: they approve none of it


@dataclass(frozen=True, slots=True)
class AwardEvent:
    """Something decided about an award; `person_id` None is the clock."""

    id: int
    kind: str
    person_id: int | None
    for_person: int | None
    reason: str | None
    detail: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An amount and the reservation that holds it."""

    amount: Amount
    reservation_id: int


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved, and for whom they acted."""

    by: int
    for_person: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Display:
    """What may stand on a public page: nothing until the winner says yes."""

    name: Literal["name", "alias", "none"] = "none"
    prize: bool = False


@dataclass(frozen=True, slots=True)
class DateWish:
    """A vacation day, or half of one, that the winner would like to take."""

    id: int
    on: date
    half_days: int
    state: Literal["wished", "confirmed", "refused"]
    wished_at: datetime
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardView:
    """An award with everything that is known of it."""

    id: int
    contest_id: int
    prize: int
    place: int | None
    bracket: int | None
    person_id: int
    team: str | None
    kind: Literal["cash", "days", "choice", "recognition"]
    options: tuple[Held, ...]  # none for recognition, two while the winner may choose
    proposer_id: int
    passed_from: int | None
    proposed_at: datetime
    terms: Terms
    events: tuple[AwardEvent, ...]
    state: AwardState
    approvals: tuple[Approval, ...]
    chosen: Held | None  # what is given: known when there is one option, or the winner chose
    told_at: datetime | None  # from then on the winner sees it
    accepted_at: datetime | None
    expires_on: date | None  # the last day on which its days can be taken
    left: bool  # the winner left the company after it was decided
    passed_on: bool
    expired: bool  # days that were left are not to be taken any more
    recovered: int  # units that came back after it was paid
    display: Display
    dates: tuple[DateWish, ...]

    @property
    def amount(self) -> Amount | None:
        """What is given; of two to choose from the first; None for recognition."""
        held = self.chosen or (self.options[0] if self.options else None)
        return held.amount if held else None

    @property
    def what(self) -> str:
        """What was won, in words: "€200", "€200 or 2 vacation days", "A word of thanks"."""
        if not self.options:
            return self.terms.text or "Recognition"
        options = [self.chosen] if self.chosen else self.options
        return " or ".join(in_words(held.amount) for held in options)

    @property
    def approvals_needed(self) -> int:
        """How many people approve it."""
        return self.terms.approvals

    @property
    def accept_by(self) -> datetime | None:
        """Until when the winner may answer, this moment not included; None before they were told."""
        if self.told_at is None:
            return None
        return self.told_at + timedelta(days=self.terms.accept_days)

    @property
    def gives_days(self) -> bool:
        """Whether it is vacation days that are given."""
        return self.chosen is not None and self.chosen.amount.kind is Kind.DAYS

    def kept_from(self, person_id: int) -> bool:
        """Whether this is their own and nobody told them yet: nowhere do they read of it, whatever
        role they hold."""
        return self.person_id == person_id and self.told_at is None

    def may(self, step: str) -> bool:
        """Whether a step may be taken from here."""
        return self.state in FROM[step]

    def happened(self, kind: str) -> AwardEvent | None:
        """The latest event of a kind."""
        return next((event for event in reversed(self.events) if event.kind == kind), None)


def state_of(events: Sequence[AwardEvent]) -> AwardState:
    """Where an award stands after these events, in order."""
    state = AwardState.PROPOSED
    for event in events:
        if event.kind not in FROM:
            continue
        if event.kind == "approved" and not event.detail["last"]:
            continue
        if event.kind == "recovered" and event.detail["left"]:
            continue
        if event.kind == "voided" and state is AwardState.DECLINED:
            continue
        state = AwardState(event.kind)
    return state
