"""The open database of a process: the pool, one unit of work, the migrations."""

from app.database.engine import DatabaseNotOpen
from app.database.migrating import MigrationFault, migrate, migrations_not_applied
from app.database.opening import Connection, DatabaseUnreachable, opened, transaction

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
