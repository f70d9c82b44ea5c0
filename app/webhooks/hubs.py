"""What a hub asks back about a subscription of ours, written down before it is answered.

Law: only what we asked for, and still want, is confirmed; what a hub takes for agreed stands in the database.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from scoring import Confirmed, Hub, Wish, renewal

_AGAIN_AFTER_DENIED: Final = timedelta(days=1)
_PATIENCE_S: Final = 5.0


class Confirming:
    """Writes it down; a connection of its own each time, for this comes every few days."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    async def __call__(self, platform: str, hub: Hub, told: Confirmed, now: datetime) -> bool:
        """Whether this is to be confirmed. Raises what asyncpg raises."""
        connection = await asyncpg.connect(
            self._database_url, timeout=_PATIENCE_S, command_timeout=_PATIENCE_S
        )
        try:
            return await confirm(connection, platform, hub, told, now)
        finally:
            await connection.close(timeout=_PATIENCE_S)


async def confirm(
    connection: Any, platform: str, hub: Hub, told: Confirmed, now: datetime | None = None
) -> bool:
    """Note what a hub asked back or denied; False where we want nothing of the kind."""
    now, status = now or datetime.now(UTC), ""
    match told.wish:
        case Wish.SUBSCRIBE:
            lease_s = told.lease_s or hub.lease_s
            status = await connection.execute(
                """update subscription set state = 'active', verified_at = greatest($3, asked_at),
                     expires_at = $4, next_at = $5, failures = 0, said = null
                   where platform = $1 and subject = $2 and state <> 'ending' and asked_at is not null""",
                platform,
                told.subject,
                now,
                now + timedelta(seconds=lease_s),
                renewal(f"{platform} {told.subject}", now, lease_s),
            )
        case Wish.UNSUBSCRIBE:
            status = await connection.execute(
                "delete from subscription where platform = $1 and subject = $2 and state = 'ending'",
                platform,
                told.subject,
            )
        case Wish.DENIED:
            status = await connection.execute(
                """update subscription set state = case when state = 'ending' then state else 'denied' end,
                     next_at = $3, said = $4
                   where platform = $1 and subject = $2""",
                platform,
                told.subject,
                now + _AGAIN_AFTER_DENIED,
                f"The hub denied it: {told.reason or 'without a reason'}",
            )
    return bool(status.endswith(" 1"))
