"""Piccolo's description of the rewards package: its tables and where their migrations lie."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="rewards",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(modules=["rewards.tables"]),
    migration_dependencies=["scoring.piccolo_app"],
    commands=[],
)
