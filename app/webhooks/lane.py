"""The one connection that deliveries are written over, and the one statement that writes them.

Law: a batch is stored whole or not at all, and storing it again changes nothing, so that after a
lost connection the only right thing is to try again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import asyncpg
import structlog

from app.webhooks.row import DeliveryRow

_log = structlog.get_logger(__name__)

# The row and its place in the queue are one statement: neither can be without the other.
STORE = """
with told as (
  insert into delivery
    (recorded_on, platform, source, delivery_key, headers, body, received_at)
  select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::bytea[],
                       $7::timestamptz[])
  on conflict (recorded_on, platform, delivery_key) do nothing
  returning id, recorded_on, platform, delivery_key
), queued as (
  insert into pending_delivery (delivery_id, recorded_on) select id, recorded_on from told
)
select recorded_on, platform, delivery_key from told
"""

# Classes of SQLSTATE that speak of the server, connection or installation: worth another try.
# All others blame the data (22 bad value, 23 a law of the table, 54 too large to index, …).
_SERVER_AT_FAULT = (
    "08", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "F0",
)  # fmt: skip


def row_at_fault(error: BaseException) -> bool:
    """Whether an error speaks of the rows themselves, so that trying again would never help."""
    if isinstance(error, asyncpg.PostgresError):
        # asyncpg uses the same classes for values that it refuses itself, before anything is sent.
        return not str(error.sqlstate or "08").startswith(_SERVER_AT_FAULT)
    return isinstance(error, UnicodeError | TypeError)


class Lane:
    """A connection of its own: a pool's would starve the pages while a batch waits for the disk."""

    def __init__(self, dsn: str, *, statement_timeout_s: float = 3.0) -> None:
        # With the patience of group commit less than the 10 s after which X hangs up.
        self._dsn = dsn
        self._statement_timeout_s = statement_timeout_s
        self._connection: asyncpg.Connection | None = None

    async def open(self) -> None:
        """Connect if not connected; raises whatever asyncpg raises."""
        if self._connection is not None and not self._connection.is_closed():
            return
        connection = await asyncpg.connect(
            self._dsn,
            timeout=2.0,
            # A little more than the server's own limit: this one is for a server that fell silent.
            command_timeout=self._statement_timeout_s + 1.0,
            server_settings={
                "application_name": "fanfare deliveries",
                "statement_timeout": str(int(self._statement_timeout_s * 1000)),
                # A commit that waits for a client which fell silent would hold its locks.
                "idle_in_transaction_session_timeout": "10000",
            },
        )
        try:
            if await connection.fetchval("show synchronous_commit") == "off":
                # "Nothing accepted is lost" is not left to a server's configuration.
                await connection.execute("set synchronous_commit = on")
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection
        _log.info("ready to store deliveries")

    async def store(self, rows: Sequence[DeliveryRow]) -> set[tuple[object, ...]]:
        """Commit the rows and return the identities of those that were new.

        Raises what asyncpg raises; after anything that does not blame a row the connection is gone.
        """
        await self.open()
        connection = self._connection
        assert connection is not None
        try:
            new = await store(connection, rows)
        except (asyncpg.PostgresError, UnicodeError, TypeError) as error:
            if not row_at_fault(error):
                self.drop()
            raise
        except BaseException:  # lost, cancelled or timed out in the middle: its state is unknown
            self.drop()
            raise
        return {tuple(record.values()) for record in new}

    def drop(self) -> None:
        """Forget the connection at once, without a farewell."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            connection.terminate()

    async def close(self) -> None:
        """Say goodbye to PostgreSQL, or hang up if that takes long."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            try:
                await asyncio.wait_for(connection.close(), 2.0)
            except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection.terminate()


async def store(
    connection: asyncpg.Connection, rows: Sequence[DeliveryRow]
) -> list[asyncpg.Record]:
    """Store rows and queue them, in one statement; the identities of those that were new."""
    new: list[asyncpg.Record] = await connection.fetch(STORE, *_columns(rows))
    return new


def _columns(rows: Iterable[DeliveryRow]) -> list[list[object]]:
    table = [
        (r.recorded_on, r.platform, r.source, r.delivery_key, r.headers, r.body, r.received_at)
        for r in rows
    ]
    return [list(column) for column in zip(*table, strict=True)]
