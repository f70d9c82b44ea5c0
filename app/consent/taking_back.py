"""A consent taken back by its owner, who unlinked the account: what happens at once.

Law: from the unlinking on nothing is asked in their name, whatever else fails; what is left to do is queued
with it (following_up).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from scoring import record_audit


async def withdraw(connection: Any, account_id: UUID, person_id: int, now: datetime) -> int | None:
    """Nothing of an account is asked from now on; what is left to do is queued, and its id returned.

    Inside the transaction that unlinks the account. Also where there was no consent: what the network
    had sent goes in any case.
    """
    queued = await end(connection, account_id, person_id, "unlinked", now)
    if queued is None:
        queued = await connection.fetchval(
            """insert into consent (account_id, person_id, platform, state, scopes, due_at, reason,
                 given_at, changed_at)
               select id, $2, platform, 'withdrawn', '{}', $3, 'unlinked', $3, $3
               from account where id = $1 returning id""",
            account_id,
            person_id,
            now,
        )
    return queued


async def end(connection: Any, account_id: UUID, by: int, reason: str, now: datetime) -> int | None:
    """Queue what is left to do for the consent of an account and return its id; None: there is none."""
    queued: int | None = await connection.fetchval(
        """update consent set state = 'withdrawn', grace_until = null, reason = $3, due_at = $2,
             changed_at = $2
           where account_id = $1 and state <> 'withdrawn' returning id""",
        account_id,
        now,
        reason,
    )
    if queued is not None:
        await record_audit(connection, by, "consent_withdrawn", f"account:{account_id}", {}, now)
    return queued
