"""Piccolo's configuration: the engine, and the apps with their tables and migrations.

Found by PICCOLO_CONF, which `app/__init__.py` sets. New migrations are written with
`PICCOLO_CONF=app.piccolo_conf piccolo migrations new scoring --auto`, which needs no database.
"""

from piccolo.conf.apps import AppRegistry

from app.database.engine import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["scoring.piccolo_app", "rewards.piccolo_app", "app.piccolo_app"])
