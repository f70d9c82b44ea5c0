"""Consents that no key which is set opens: set aside, so that they hold nobody up.

Laws: one that was set aside is tried again only once other keys are set; nothing of it is lost meanwhile, and
its owner loses no contest by it for `GRACE`: their last count of followers stands in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from app.consent.kept import GRACE
from app.consent.keys import Keys
from scoring import carry_snapshot

CARRY_EVERY: Final = timedelta(hours=6)


async def set_aside(connection: Any, keys: Keys, id_: int, now: datetime) -> None:
    """Nobody opens it with these keys any more. In a transaction."""
    await connection.execute(
        """update consent set aside_at = coalesce(aside_at, $2), aside_with = $3,
             due_at = case when state = 'withdrawn' then due_at else $2 end
           where id = $1 and aside_with is distinct from $3""",
        id_,
        now,
        keys.bunch,
    )


async def keep_aside(connection: Any, id_: int, now: datetime) -> bool:
    """What is due of a consent that lies aside; False: it does not. In a transaction."""
    row = await connection.fetchrow(
        """select account_id, aside_at from consent
           where id = $1 and aside_at is not null and state <> 'withdrawn'
           for no key update skip locked""",
        id_,
    )
    if row is None:
        return False
    over = now >= row["aside_at"] + GRACE
    if not over:
        await carry_snapshot(connection, row["account_id"], now)
    await connection.execute(
        "update consent set due_at = $2 where id = $1", id_, None if over else now + CARRY_EVERY
    )
    return True
