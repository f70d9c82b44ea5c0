"""Where brackets begin, append-only."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from scoring.tables import Person

ID = "2026-11-22T23:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "where brackets begin, append-only"


async def forwards() -> MigrationManager:
    """Guard it."""
    manager = MigrationManager(migration_id=ID, app_name="scoring", description=DESCRIPTION)

    async def create() -> None:
        script = Path(__file__).with_name("guarded_2026_11_22.sql").read_text(encoding="utf-8")
        transaction = Person._meta.db.current_transaction.get()
        await transaction.connection.execute(script)  # several statements: not through `raw`

    manager.add_raw(create)
    return manager
