"""What people say of posts, and files of figures."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from scoring.tables import Person

ID = "2026-11-22T23:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what people say of posts, and files of figures"


async def forwards() -> MigrationManager:
    """Add it."""
    manager = MigrationManager(migration_id=ID, app_name="scoring", description=DESCRIPTION)

    async def create() -> None:
        script = Path(__file__).with_name("by_hand_2026_11_22.sql").read_text(encoding="utf-8")
        transaction = Person._meta.db.current_transaction.get()
        await transaction.connection.execute(script)  # several statements: not through `raw`

    manager.add_raw(create)
    return manager
