"""Contests and rewards: budgets, charters, awards and what follows from them."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from rewards.tables import Budget

ID = "2026-11-22T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "budgets, contests, awards, payouts"


async def forwards() -> MigrationManager:
    """Create the tables in plain SQL: checks and triggers are not for Piccolo to say."""
    manager = MigrationManager(migration_id=ID, app_name="rewards", description=DESCRIPTION)

    async def create() -> None:
        script = Path(__file__).with_name("rewards_2026_11_22.sql").read_text(encoding="utf-8")
        transaction = Budget._meta.db.current_transaction.get()
        await transaction.connection.execute(script)  # several statements: not through `raw`

    manager.add_raw(create)
    return manager
