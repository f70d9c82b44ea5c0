"""The edge of Fanfare: settings, embedded services, webhooks, pages, live updates, commands."""

import os

# Where Piccolo's tables find their engine; set before any table is used.
os.environ.setdefault("PICCOLO_CONF", "app.piccolo_conf")
