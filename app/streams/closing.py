"""Closing a connection to PostgreSQL, which may be cut off."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import asyncpg

_CLOSES_S: Final = 5.0


async def closed(connection: Any) -> None:
    """Close it, politely for some seconds and anyhow after that."""
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await connection.close(timeout=_CLOSES_S)
