"""One movement of money or days, and the balances it leaves. Pure.

Law: units only move between accounts; what leaves one arrives in another, and none but `funding` ever
goes below nothing. So the accounts of a budget always sum to zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

COLUMNS = """id, budget_id, number, kind, units, reservation_id, award_id, available_after,
  reserved_after, spent_after, reservation_after, key, person_id, reason, recorded_at"""


class Account(StrEnum):
    """Where the units of a budget can be."""

    FUNDING = "funding"  # outside: the company that gives and takes back
    AVAILABLE = "available"
    RESERVED = "reserved"  # set aside for what contests may cost
    SPENT = "spent"


class Verb(StrEnum):
    """Why units move."""

    TOP_UP = "top_up"
    RESERVE = "reserve"
    POST = "post"  # an award was paid
    VOID = "void"  # an award was refused or declined
    EXPIRE = "expire"  # nobody accepted it in time
    RELEASE = "release"  # was set aside and not won
    RECOVER = "recover"  # was paid and came back
    CLOSE = "close"


WAYS: Final[dict[Verb, tuple[Account, Account]]] = {
    Verb.TOP_UP: (Account.FUNDING, Account.AVAILABLE),
    Verb.RESERVE: (Account.AVAILABLE, Account.RESERVED),
    Verb.POST: (Account.RESERVED, Account.SPENT),
    Verb.VOID: (Account.RESERVED, Account.AVAILABLE),
    Verb.EXPIRE: (Account.RESERVED, Account.AVAILABLE),
    Verb.RELEASE: (Account.RESERVED, Account.AVAILABLE),
    Verb.RECOVER: (Account.SPENT, Account.AVAILABLE),
    Verb.CLOSE: (Account.AVAILABLE, Account.FUNDING),
}


class Overspent(Exception):
    """An account would go below nothing by `missing` units."""

    def __init__(self, account: Account, missing: int) -> None:
        super().__init__(f"{missing} units are missing in {account}")
        self.account = account
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands in a budget, in units."""

    available: int = 0
    reserved: int = 0
    spent: int = 0

    @property
    def funded(self) -> int:
        """What the company has put in and not taken back."""
        return self.available + self.reserved + self.spent

    def moved(self, verb: Verb, units: int) -> Balance:
        """The balance after `units` moved; raises Overspent."""
        source, goal = WAYS[verb]
        after = {source: -units, goal: units}
        for account in (Account.AVAILABLE, Account.RESERVED, Account.SPENT):
            after[account] = getattr(self, account) + after.get(account, 0)
            if after[account] < 0:
                raise Overspent(account, -after[account])
        return replace(
            self,
            available=after[Account.AVAILABLE],
            reserved=after[Account.RESERVED],
            spent=after[Account.SPENT],
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """A row of the ledger: what moved, why, who asked, and what stood afterwards."""

    id: int
    budget_id: int
    number: int  # 1, 2, 3 … within the budget
    verb: Verb
    units: int
    reservation_id: int | None
    award_id: int | None
    balance: Balance  # of the budget, afterwards
    left: int | None  # of the reservation, afterwards
    key: str
    person_id: int | None  # None: the clock
    reason: str
    recorded_at: datetime


def read_transfer(row: Any) -> Transfer:
    """A transfer from its row (`COLUMNS`)."""
    return Transfer(
        id=row["id"],
        budget_id=row["budget_id"],
        number=row["number"],
        verb=Verb(row["kind"]),
        units=row["units"],
        reservation_id=row["reservation_id"],
        award_id=row["award_id"],
        balance=Balance(
            available=row["available_after"],
            reserved=row["reserved_after"],
            spent=row["spent_after"],
        ),
        left=row["reservation_after"],
        key=row["key"],
        person_id=row["person_id"],
        reason=row["reason"],
        recorded_at=row["recorded_at"],
    )
