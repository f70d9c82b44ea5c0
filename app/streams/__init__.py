"""Streams of networks that Fanfare opens itself, and what is heard there."""

from app.streams.bluesky import Listener, address
from app.streams.running import NothingToHear, run

__all__ = ["Listener", "NothingToHear", "address", "run"]
