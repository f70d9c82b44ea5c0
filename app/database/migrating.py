"""Bringing a database to this version.

Law: all migrations run or none, however many processes ask for them at once.
"""

from __future__ import annotations

import contextlib
import io
import sys

from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from app.database.opening import opened, transaction

# "fanfare" as a number, so that no other program's advisory lock is ours.
_MIGRATION_LOCK = 0x66616E66617265


class MigrationFault(Exception):
    """The migrations did not run; nothing of them remains in the database."""


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
