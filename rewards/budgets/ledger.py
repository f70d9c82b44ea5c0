"""The one place that writes transfers.

Laws: a budget's transfers are written one after another, under a lock on its row; each says what
stands afterwards. A key that was used is answered with what was done then, before anything is asked
of today; with other content it is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec

from rewards.amounts import MOST_UNITS, Amount
from rewards.budgets.refusals import BudgetClosed, NotAnAmount, UnknownBudget, already_settled
from rewards.budgets.transfer import WAYS, Balance, Transfer, Verb
from rewards.connection import Connection
from rewards.refusal import KeyUsed, Refused

COLUMNS = """id, budget_id, number, kind, units, reservation_id, award_id, available_after,
  reserved_after, spent_after, reservation_after, key, person_id, reason, recorded_at"""


@dataclass(frozen=True, slots=True)
class Locked:
    """A budget that nobody else can write to until the transaction ends."""

    id: int
    name: str
    currency: str | None
    starts_on: date
    ends_on: date
    closed: bool
    transfers: int  # how many there are
    balance: Balance

    def amount(self, units: int) -> Amount:
        """So many units of what the budget holds."""
        return Amount(units=units, currency=self.currency)


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what under which key; the key and the content decide whether it is a repetition."""

    verb: str
    key: str
    by: int | None  # None: the clock
    reason: str
    content: tuple[Any, ...]  # what else was asked, as JSON can hold it

    @property
    def digest(self) -> bytes:
        """The hash of the content."""
        return sha256(
            msgspec.json.encode((self.verb, self.by, self.reason, *self.content))
        ).digest()


async def lock(connection: Connection, budget_id: int) -> Locked:
    """Wait for the budget and read what stands; raises UnknownBudget."""
    # `no key update`: reservations and transfers of others may refer to the row meanwhile.
    row = await connection.fetchrow(
        "select id, name, currency, starts_on, ends_on from budget where id = $1 for no key update",
        budget_id,
    )
    if row is None:
        raise UnknownBudget("There is no such budget.")
    # Another statement, so that it sees what was committed while this one waited.
    last = await connection.fetchrow(
        """select last.*, exists (select from budget_closing where budget_id = $1) as closed
           from (select) as one left join lateral (
             select number, available_after, reserved_after, spent_after from transfer
             where budget_id = $1 order by number desc limit 1) as last on true""",
        budget_id,
    )
    return Locked(
        **dict(row),
        closed=last["closed"],
        transfers=last["number"] or 0,
        balance=Balance(
            available=last["available_after"] or 0,
            reserved=last["reserved_after"] or 0,
            spent=last["spent_after"] or 0,
        ),
    )


async def first_answer(connection: Connection, request: Request) -> Transfer | None:
    """What the same request was answered before; None: it is new. Raises KeyUsed, and Refused for
    a request that lacks its key or reason."""
    if not request.key:
        raise ValueError("a transfer needs a key, so that it is done once")
    row = await connection.fetchrow(
        f"select {COLUMNS}, content_sha256 from transfer where key = $1", request.key
    )
    if row is None:
        if not request.reason.strip():
            raise Refused("Say why, in a few words.", field="reason")
        return None
    if row["content_sha256"] != request.digest:
        raise key_used()
    return read_transfer(row)


async def write(
    connection: Connection,
    budget: Locked,
    request: Request,
    verb: Verb,
    units: int,
    *,
    now: datetime,
    reservation_id: int | None = None,
    award_id: int | None = None,
    left: int | None = None,
) -> Transfer:
    """Append the transfer. `left`: what the reservation holds afterwards. Raises Overspent, KeyUsed."""
    source, goal = WAYS[verb]
    after = budget.balance.moved(verb, units)
    try:
        row = await connection.fetchrow(
            f"""insert into transfer (budget_id, number, kind, from_account, to_account, units,
                  reservation_id, award_id, available_after, reserved_after, spent_after,
                  reservation_after, key, content_sha256, person_id, reason, recorded_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
                returning {COLUMNS}""",
            budget.id,
            budget.transfers + 1,
            verb.value,
            source.value,
            goal.value,
            units,
            reservation_id,
            award_id,
            after.available,
            after.reserved,
            after.spent,
            left,
            request.key,
            request.digest,
            request.by,
            request.reason.strip(),
            now,
        )
    except asyncpg.UniqueViolationError as broken:
        # The same key in another budget at the same moment; within one budget the lock forbids it.
        if broken.constraint_name == "transfer_key_uq":
            raise key_used() from None
        # Likewise the same award, of which something was set aside in each of them.
        if broken.constraint_name == "transfer_paid_once_ix":
            raise already_settled(paid=True) from None
        raise
    return read_transfer(row)


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


def check_units(units: int) -> None:
    """Raises NotAnAmount unless so many units can move at once."""
    if units < 1:
        raise NotAnAmount("The amount must be more than nothing.", field="units")
    if units > MOST_UNITS:
        raise NotAnAmount("The amount is more than any budget can hold.", field="units")


def check_open(budget: Locked) -> None:
    """Raises BudgetClosed."""
    if budget.closed:
        raise BudgetClosed(f"The budget “{budget.name}” is closed.")


def key_used() -> KeyUsed:
    """The refusal of a key that was used with other content."""
    return KeyUsed(
        "This was sent before with other content, so nothing was done."
        " Open the page anew and send it again."
    )
