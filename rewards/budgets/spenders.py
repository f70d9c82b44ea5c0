"""Who may spend from a budget: state from a moment on, until the next."""

from __future__ import annotations

from datetime import datetime

from rewards.connection import Connection
from scoring import record_audit


async def may_spend(connection: Connection, budget_id: int, person_id: int) -> bool:
    """Whether the person may reserve from the budget now."""
    granted: bool | None = await connection.fetchval(
        """select granted from budget_spender where budget_id = $1 and person_id = $2
           order by id desc limit 1""",
        budget_id,
        person_id,
    )
    return granted is True


async def allow_spender(
    connection: Connection, budget_id: int, person_id: int, *, by: int | None, now: datetime
) -> None:
    """From now on the person may spend; nothing if they may already."""
    await _change(connection, budget_id, person_id, True, by, now)


async def forbid_spender(
    connection: Connection, budget_id: int, person_id: int, *, by: int | None, now: datetime
) -> None:
    """From now on they may not. What they have reserved stays reserved."""
    await _change(connection, budget_id, person_id, False, by, now)


async def _change(
    connection: Connection,
    budget_id: int,
    person_id: int,
    granted: bool,
    by: int | None,
    now: datetime,
) -> None:
    async with connection.transaction():
        # The same lock as a transfer's: who is forbidden while they reserve comes before or after.
        await connection.execute("select from budget where id = $1 for no key update", budget_id)
        if await may_spend(connection, budget_id, person_id) is granted:
            return
        await connection.execute(
            """insert into budget_spender (budget_id, person_id, granted, granted_by, recorded_at)
               values ($1, $2, $3, $4, $5)""",
            budget_id,
            person_id,
            granted,
            by,
            now,
        )
        action = "budget_spender_allowed" if granted else "budget_spender_forbidden"
        await record_audit(
            connection, by, action, f"budget:{budget_id}", {"person": person_id}, now
        )
