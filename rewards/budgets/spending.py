"""What becomes of a reservation: spent for an award, given back, or back again after it was paid.

Law: what is set aside for an award is settled once (posted, voided or expired); no more comes back
than was paid.
"""

from __future__ import annotations

from datetime import datetime

from rewards.amounts import in_words
from rewards.budgets.ledger import Locked, check_units, lock, write
from rewards.budgets.refusals import NotSpent, ReservationExhausted, UnknownBudget, already_settled
from rewards.budgets.request import Request, first_answer
from rewards.budgets.reservation import left_of
from rewards.budgets.transfer import Transfer, Verb
from rewards.connection import Connection


async def post(
    connection: Connection, reservation_id: int, award_id: int, units: int,
    *, by: int | None, key: str, reason: str, now: datetime,
) -> Transfer:  # fmt: skip
    """The award was paid: reserved becomes spent. Raises AlreadySettled, ReservationExhausted."""
    request = Request("post", key, by, reason, (reservation_id, award_id, units))
    return await _settle(connection, Verb.POST, reservation_id, award_id, units, request, now)


async def void(
    connection: Connection, reservation_id: int, award_id: int, units: int,
    *, by: int | None, key: str, reason: str, now: datetime,
) -> Transfer:  # fmt: skip
    """The award was refused or declined: available again. Raises as `post` does."""
    request = Request("void", key, by, reason, (reservation_id, award_id, units))
    return await _settle(connection, Verb.VOID, reservation_id, award_id, units, request, now)


async def expire(
    connection: Connection, reservation_id: int, award_id: int, units: int,
    *, by: int | None, key: str, reason: str, now: datetime,
) -> Transfer:  # fmt: skip
    """Nobody accepted the award in time: available again. Raises as `post` does."""
    request = Request("expire", key, by, reason, (reservation_id, award_id, units))
    return await _settle(connection, Verb.EXPIRE, reservation_id, award_id, units, request, now)


async def release(
    connection: Connection, reservation_id: int, units: int,
    *, by: int | None, key: str, reason: str, now: datetime,
) -> Transfer:  # fmt: skip
    """What was set aside and not won is available again. Raises ReservationExhausted, KeyUsed."""
    request = Request("release", key, by, reason, (reservation_id, units))
    return await _settle(connection, Verb.RELEASE, reservation_id, None, units, request, now)


async def recover(
    connection: Connection, award_id: int, units: int,
    *, by: int, key: str, reason: str, now: datetime,
) -> Transfer:  # fmt: skip
    """Money or days of a paid award came back: available again, in a new transfer.

    Out of a closed budget they go to the company at once. Raises NotSpent, KeyUsed.
    """
    request = Request("recover", key, by, reason, (award_id, units))
    async with connection.transaction():
        paid = await connection.fetchrow(
            """select budget_id, reservation_id from transfer
               where award_id = $1 and kind = 'post' order by id limit 1""",
            award_id,
        )
        if paid is None:
            if (first := await first_answer(connection, request)) is not None:
                return first
            raise NotSpent("Nothing was paid for this award, so nothing can come back.")
        budget = await lock(connection, paid["budget_id"])
        if (first := await first_answer(connection, request)) is not None:
            return first
        check_units(units)
        await _check_paid(connection, budget, award_id, units)
        left = await left_of(connection, paid["reservation_id"])
        transfer = await write(
            connection, budget, request, Verb.RECOVER, units,
            now=now, reservation_id=paid["reservation_id"], award_id=award_id, left=left,
        )  # fmt: skip
        if budget.closed:
            onward = Request("close", f"{key}:close", by, reason, (budget.id,))
            budget = await lock(connection, budget.id)
            await write(connection, budget, onward, Verb.CLOSE, units, now=now)
        return transfer


async def _settle(
    connection: Connection,
    verb: Verb,
    reservation_id: int,
    award_id: int | None,
    units: int,
    request: Request,
    now: datetime,
) -> Transfer:
    async with connection.transaction():
        held = await connection.fetchrow(
            "select budget_id, contest_id from reservation where id = $1", reservation_id
        )
        if held is None:
            raise UnknownBudget("There is no such reservation.")
        budget = await lock(connection, held["budget_id"])
        if (first := await first_answer(connection, request)) is not None:
            return first
        check_units(units)
        if award_id is not None:
            await _check_award(connection, verb, reservation_id, held["contest_id"], award_id)
        left = await left_of(connection, reservation_id)
        if left < units:
            raise ReservationExhausted(
                budget.name, left=budget.amount(left), wanted=budget.amount(units)
            )
        return await write(
            connection, budget, request, verb, units,
            now=now, reservation_id=reservation_id, award_id=award_id, left=left - units,
        )  # fmt: skip


async def _check_award(
    connection: Connection, verb: Verb, reservation_id: int, contest_id: int, award_id: int
) -> None:
    of = await connection.fetchval("select contest_id from award where id = $1", award_id)
    if of != contest_id:
        raise ValueError(f"award {award_id} is not one of the contest that reserved")
    settled = await connection.fetch(
        """select kind, reservation_id from transfer
           where award_id = $1 and kind in ('post', 'void', 'expire') order by id""",
        award_id,
    )
    for row in settled:
        here = row["reservation_id"] == reservation_id
        if here or (verb is Verb.POST and row["kind"] == "post"):
            raise already_settled(paid=row["kind"] == "post")


async def _check_paid(connection: Connection, budget: Locked, award_id: int, units: int) -> None:
    kept: int = await connection.fetchval(
        """select coalesce(sum(case kind when 'post' then units else -units end), 0)::bigint
           from transfer where award_id = $1 and kind in ('post', 'recover')""",
        award_id,
    )
    if kept < units:
        raise NotSpent(
            f"{in_words(budget.amount(units))} cannot come back: of what was paid"
            f" {in_words(budget.amount(kept))} has not come back yet."
        )
