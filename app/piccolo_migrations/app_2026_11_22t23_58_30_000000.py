"""What networks are asked over and over, and what hubs promised to tell."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.database.engine import DB

ID = "2026-11-22T23:58:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "polls of networks and subscriptions"


async def forwards() -> MigrationManager:
    """Create the tables in plain SQL."""
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def create() -> None:
        script = Path(__file__).with_name("polls_2026_11_22.sql").read_text(encoding="utf-8")
        connection = DB.current_transaction.get().connection
        await connection.execute(script)  # several statements: not through `raw`

    manager.add_raw(create)
    return manager
