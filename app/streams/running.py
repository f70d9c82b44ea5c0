"""The streams that the settings name, listened to side by side until told to end."""

from __future__ import annotations

import asyncio
from functools import partial

import asyncpg

from app.settings import Settings
from app.streams.addresses import Stream
from app.streams.bluesky import Listener
from app.streams.heap import NETWORK


class NothingToHear(Exception):
    """No stream is set; the message says which variable sets one."""


async def run(settings: Settings) -> None:
    """Listen until cancelled; what was heard is committed before it ends. Raises NothingToHear."""
    streams = [Stream.of(text) for text in settings.secrets_of(NETWORK).every("stream")]
    if not streams:
        raise NothingToHear("No stream is set: set FANFARE_BLUESKY_STREAM and start this again.")
    database = partial(asyncpg.connect, settings.require_database_url())
    ending = asyncio.Event()
    listening = [asyncio.create_task(Listener(stream, database).run(ending)) for stream in streams]
    try:
        await asyncio.Event().wait()
    finally:
        ending.set()
        await asyncio.gather(*listening, return_exceptions=True)
