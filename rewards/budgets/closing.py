"""Closing a budget.

Law: a closed budget has nothing available and nothing reserved; what comes back later leaves it in the
same breath (see `spending.recover`).
"""

from __future__ import annotations

from datetime import datetime

from rewards.amounts import in_words
from rewards.budgets.ledger import check_open, lock, write
from rewards.budgets.refusals import StillReserved
from rewards.budgets.request import Request, first_answer, key_used
from rewards.budgets.transfer import Transfer, Verb
from rewards.connection import Connection
from scoring import record_audit


async def close_budget(
    connection: Connection,
    budget_id: int,
    *,
    by: int,
    reason: str,
    key: str,
    now: datetime,
) -> Transfer | None:
    """Return what is available and close; None if nothing was. Raises StillReserved, BudgetClosed."""
    request = Request("close", key, by, reason, (budget_id,))
    async with connection.transaction():
        budget = await lock(connection, budget_id)
        if (first := await first_answer(connection, request)) is not None:
            return first
        if await _closed_so(connection, request):
            return None
        check_open(budget)
        if budget.balance.reserved:
            contests = await connection.fetchval(
                """select count(distinct contest_id) from reservation r
                   where budget_id = $1 and (select reservation_after from transfer
                     where reservation_id = r.id order by id desc limit 1) > 0""",
                budget_id,
            )
            raise StillReserved(budget.name, budget.amount(budget.balance.reserved), contests)
        await connection.execute(
            """insert into budget_closing (budget_id, key, content_sha256, person_id, reason,
                 recorded_at) values ($1, $2, $3, $4, $5, $6)""",
            budget_id,
            key,
            request.digest,
            by,
            reason.strip(),
            now,
        )
        rest = budget.balance.available
        detail = {"amount": in_words(budget.amount(rest)), "reason": reason.strip()}
        await record_audit(connection, by, "budget_closed", f"budget:{budget_id}", detail, now)
        if not rest:
            return None
        return await write(connection, budget, request, Verb.CLOSE, rest, now=now)


async def _closed_so(connection: Connection, request: Request) -> bool:
    """Whether this very request closed an empty budget before; raises KeyUsed."""
    digest = await connection.fetchval(
        "select content_sha256 from budget_closing where key = $1", request.key
    )
    if digest is not None and digest != request.digest:
        raise key_used()
    return digest is not None
