"""Facts, stored: `store` takes a batch of what deliveries tell."""

from scoring.store.store import store
from scoring.store.told import Told

__all__ = ["Told", "store"]
