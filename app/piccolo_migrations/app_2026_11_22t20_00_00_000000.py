"""What may be shown of people, as agreed with a works council."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.database.engine import DB

ID = "2026-11-22T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what may be shown of people"


async def forwards() -> MigrationManager:
    """Create the table in plain SQL."""
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def create() -> None:
        script = Path(__file__).with_name("council_2026_11_22.sql").read_text(encoding="utf-8")
        connection = DB.current_transaction.get().connection
        await connection.execute(script)  # several statements: not through `raw`

    manager.add_raw(create)
    return manager
