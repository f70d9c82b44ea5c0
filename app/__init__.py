"""The edge of Fanfare: settings, embedded services, webhooks, pages, live updates, commands."""

import gc
import os

# Every process of ours begins with imports: hundreds of thousands of objects, none of them garbage. At its
# usual pace Python looks for rings among them so often that it takes a seventh of the time to begin.
gc.set_threshold(50_000, 20, 50)
# Where Piccolo's tables find their engine; set before any table is used.
os.environ.setdefault("PICCOLO_CONF", "app.piccolo_conf")
