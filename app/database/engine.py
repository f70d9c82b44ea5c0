"""The one engine all of Piccolo's tables use.

It holds no address of its own: `app.database.opened` gives it one, so that a test, a command and
a server each decide which database they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine


class DatabaseNotOpen(RuntimeError):
    """A query outside `app.database.opened`."""

    def __init__(self) -> None:
        super().__init__("The database is not open: use app.database.opened(url).")


class Engine(PostgresEngine):
    """Piccolo's engine without its two surprises: I/O on import, and a connection per query."""

    async def check_version(self) -> None:
        """Nothing: Piccolo would connect here, at import. `fanfare doctor` asks the version."""

    async def get_new_connection(self) -> asyncpg.Connection:
        """A connection outside the pool, to the open database; the caller closes it."""
        if self.pool is None:
            raise DatabaseNotOpen
        return await super().get_new_connection()

    async def _run_in_new_connection(
        self, query: str, args: Sequence[Any] | None = None
    ) -> list[asyncpg.Record]:
        # Piccolo comes here when there is no pool; a query that quietly makes a connection of its
        # own is slow, escapes its transaction and hides a missing `opened`.
        raise DatabaseNotOpen


DB = Engine(config={})
