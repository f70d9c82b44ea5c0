"""Opening the database for a process, and one unit of work on it.

The law kept here: a unit of work is committed whole or not at all, and its connection goes back
to the pool however it ends (Piccolo's own transaction leaks it when COMMIT or ROLLBACK fails).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from piccolo.engine.postgres import PostgresTransaction

from app.database.engine import DB, DatabaseNotOpen

# What a server, or its absence, answers to a wrong address, name or password.
_REFUSALS = (
    OSError,
    TimeoutError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.CannotConnectNowError,
)

Connection: TypeAlias = PoolConnectionProxy


class DatabaseUnreachable(Exception):
    """The database does not answer or does not let us in; the text says which and why."""


async def _keep_as_is(_: Any) -> None:
    """In place of asyncpg's reset query after each use, which doubles a small query's time.

    It is safe because nothing of ours leaves a SET, a LISTEN or a session lock on a pooled
    connection: those who need one take a connection of their own.
    """


@contextlib.asynccontextmanager
async def opened(
    url: str, *, least: int = 1, most: int = 8, command_timeout_s: float | None = 10
) -> AsyncIterator[asyncpg.Pool]:
    """Opens the database at `url` for this process: Piccolo's tables and the pool it yields.

    The pool holds `least` to `most` connections; a statement that takes longer than
    `command_timeout_s` is given up. Inside, opening the same address again is the same pool;
    another address is an error, for the tables can only mean one.
    """
    if DB.pool is not None:
        if DB.config.get("dsn") != url or DB.pool._loop is not asyncio.get_running_loop():
            raise RuntimeError("Another database is open in this process; close that one first.")
        yield DB.pool
        return
    DB.config = {"dsn": url, "server_settings": {"application_name": "fanfare"}}
    try:
        pool = await asyncpg.create_pool(
            **DB.config,
            min_size=least,
            max_size=most,
            reset=_keep_as_is,
            command_timeout=command_timeout_s,
        )
    except _REFUSALS as refused:
        where = urlsplit(url)
        raise DatabaseUnreachable(
            f"The database '{where.path.lstrip('/')}' at {where.hostname}:{where.port or 5432} "
            f"cannot be opened: {refused}. Look at FANFARE_DATABASE_URL."
        ) from refused
    DB.pool = pool
    try:
        yield pool
    finally:
        DB.pool = None
        await pool.close()


class _UnitOfWork:
    """What Piccolo's queries look for to join a transaction."""

    __slots__ = ("connection", "engine")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.engine = DB


@contextlib.asynccontextmanager
async def transaction(**kind: Any) -> AsyncIterator[Connection]:
    """One unit of work on one pooled connection, which Piccolo's queries inside use too.

    `kind` is asyncpg's: isolation="serializable", readonly=True. Inside another unit of work it
    is a savepoint of that one. Tasks started inside must end inside, and not run side by side:
    they share the connection.
    """
    current = DB.current_transaction.get()
    if current is not None:
        async with current.connection.transaction():
            yield current.connection
        return
    if DB.pool is None:
        raise DatabaseNotOpen
    async with DB.pool.acquire() as connection, connection.transaction(**kind):
        # Piccolo asks of it no more than what _UnitOfWork has.
        token = DB.current_transaction.set(cast(PostgresTransaction, _UnitOfWork(connection)))
        try:
            yield connection
        finally:
            DB.current_transaction.reset(token)
