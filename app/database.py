"""The open database: the pool, one unit of work, and the migrations.

The law kept here: a unit of work is committed whole or not at all, and its connection goes back
to the pool however it ends (Piccolo's own transaction leaks it when COMMIT or ROLLBACK fails).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
from collections.abc import AsyncIterator
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration
from piccolo.engine.postgres import PostgresTransaction

from app.engine import DB, DatabaseNotOpen

__all__ = [
    "Connection",
    "DatabaseNotOpen",
    "DatabaseUnreachable",
    "MigrationFault",
    "migrate",
    "migrations_not_applied",
    "opened",
    "transaction",
]

# "fanfare" as a number, so that no other program's advisory lock is ours.
_MIGRATION_LOCK = 0x66616E66617265

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


class MigrationFault(Exception):
    """The migrations did not run; nothing of them remains in the database."""


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


async def migrate(url: str) -> list[str]:
    """Brings the database at `url` to this version; returns the migrations that ran.

    All in one transaction under one lock: any number of processes may call it at once, and a
    failure (MigrationFault) or a kill leaves the database as it was.
    """
    async with opened(url, most=1, command_timeout_s=None), transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
        missing = await _not_applied()
        if missing:
            # Piccolo narrates to standard output and puts its folders into the import path.
            path = list(sys.path)
            narration = io.StringIO()
            try:
                with contextlib.redirect_stdout(narration):
                    result = await run_forwards("all")
            finally:
                sys.path[:] = path
            if not result.success:
                raise MigrationFault(f"{result.message}\n{narration.getvalue()}")
        return missing


async def migrations_not_applied(url: str) -> list[str]:
    """The migrations of this version that the database at `url` has not had, in order."""
    async with opened(url):
        return await _not_applied()


async def _not_applied() -> list[str]:
    known = _Migrations()
    applied: set[tuple[str, str]] = set()
    if await Migration.table_exists():
        rows = await Migration.select(Migration.app_name, Migration.name)
        applied = {(row["app_name"], row["name"]) for row in rows}
    return [
        f"{app_name} {migration}"
        for app_name in known.get_sorted_app_names()
        for migration in known.of(app_name)
        if (app_name, migration) not in applied
    ]


class _Migrations(BaseMigrationManager):
    """Piccolo's reader of migration files."""

    def of(self, app_name: str) -> list[str]:
        path = list(sys.path)
        try:
            folder = self.get_app_config(app_name).resolved_migrations_folder_path
            return self.get_migration_ids(self.get_migration_modules(folder))
        finally:
            sys.path[:] = path
