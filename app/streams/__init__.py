"""Streams of networks that Fanfare opens itself, and what is heard there."""

from app.streams.bluesky import Listener, address

__all__ = ["Listener", "address"]
