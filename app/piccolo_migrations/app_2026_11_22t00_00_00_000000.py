"""Who may sign in and what they accepted, from the first migration with its checks and triggers."""

from datetime import UTC, datetime
from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.database.engine import DB

ID = "2026-11-22T00:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "passwords, roles, sign-in links, the policy and who accepted it"


async def forwards() -> MigrationManager:
    """Create the tables in plain SQL and put the first version of the policy into force."""
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    async def create() -> None:
        folder = Path(__file__).parent
        script = (folder / "people_2026_11_22.sql").read_text(encoding="utf-8")
        text = (folder / "policy_2026_11_22.txt").read_text(encoding="utf-8")
        connection = DB.current_transaction.get().connection
        await connection.execute(script)  # several statements: not through `raw`
        await connection.execute(
            "insert into policy (text, recorded_at) values ($1, $2)",
            text,
            datetime.now(UTC),
        )

    manager.add_raw(create)
    return manager
