"""Streams of networks that Fanfare opens itself, and what is heard there."""

from app.streams.addresses import Speaks, Stream
from app.streams.bluesky import Listener
from app.streams.running import NothingToHear, run

__all__ = ["Listener", "NothingToHear", "Speaks", "Stream", "run"]
