"""Piccolo's description of the scoring package: its tables and where their migrations lie."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="scoring",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(modules=["scoring.tables"]),
    migration_dependencies=[],
    commands=[],
)
