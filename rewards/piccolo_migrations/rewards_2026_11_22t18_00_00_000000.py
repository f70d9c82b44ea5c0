"""Announcing who won: the announcements, their steps, congratulations."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from rewards.tables import Budget

ID = "2026-11-22T18:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "announcements and congratulations"


async def forwards() -> MigrationManager:
    """Create the tables in plain SQL: checks and triggers are not for Piccolo to say."""
    manager = MigrationManager(migration_id=ID, app_name="rewards", description=DESCRIPTION)

    async def create() -> None:
        script = (
            Path(__file__).with_name("announcements_2026_11_22.sql").read_text(encoding="utf-8")
        )
        transaction = Budget._meta.db.current_transaction.get()
        await transaction.connection.execute(script)  # several statements: not through `raw`

    manager.add_raw(create)
    return manager
