"""Piccolo's description of the app package: its tables and where their migrations lie."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="app",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(modules=["app.tables"]),
    migration_dependencies=["scoring.piccolo_app", "rewards.piccolo_app"],
    commands=[],
)
