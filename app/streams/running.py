"""The streams that the settings name and people let us hear, listened to side by side until told to end."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from functools import partial
from typing import Any, Final

import asyncpg

from app.ending import ended
from app.going_out import going_out
from app.settings import Settings
from app.streams.addresses import Stream
from app.streams.bluesky import Listener
from app.streams.ear import NETWORK as MASTODON
from app.streams.heap import NETWORK as BLUESKY
from app.streams.mastodon import Ears
from scoring import forget_streams, streams_seen

_OPENS_S: Final = 15.0
_COMMAND_S: Final = (
    60.0  # a batch takes less than a second; a PostgreSQL that is cut off never answers
)
_ENDS_S: Final = 5.0
_CONNECTIONS: Final = (
    4  # of all ears of Mastodon together; each needs one for a moment now and then
)


class NothingToHear(Exception):
    """No stream is set and nobody gave one; the message says which variables set one."""


async def run(settings: Settings) -> None:
    """Listen until cancelled; what was heard is committed before it ends. Raises NothingToHear."""
    secrets = settings.secrets_of(BLUESKY)
    streams = [Stream.of(text) for text in secrets.every("stream")]
    database = partial(
        asyncpg.connect,
        settings.require_database_url(),
        timeout=_OPENS_S,
        command_timeout=_COMMAND_S,
    )
    ending = asyncio.Event()
    async with (
        going_out(settings) as outside,
        asyncpg.create_pool(
            settings.require_database_url(),
            min_size=0,
            max_size=_CONNECTIONS,
            timeout=_OPENS_S,
            command_timeout=_COMMAND_S,
        ) as pool,
    ):
        if not streams and not await _ears_wanted(settings, pool):
            raise NothingToHear(
                "No stream is set: set FANFARE_BLUESKY_STREAM or FANFARE_MASTODON_STREAM, or let somebody "
                "link an account on Mastodon by its server, and start this again."
            )
        async with pool.acquire() as connection:
            await forget_unset(connection, {stream.name for stream in streams})
        ears = Ears(settings, outside, pool, database)
        listening = [
            *(
                asyncio.create_task(
                    Listener(stream, database, outside=outside, secrets=secrets).run(ending)
                )
                for stream in streams
            ),
            asyncio.create_task(ears.run(ending)),
        ]
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            # Who waits for somebody else is not waited for: what was not committed is told again.
            await asyncio.wait(listening, timeout=_ENDS_S)
            await ended(listening)


async def forget_unset(connection: Any, names: Collection[str]) -> None:
    """Speak no more of Bluesky's streams that the settings named once: nobody is to listen to them. How far
    each was heard is kept, for it may be set again."""
    known = [one.stream for one in await streams_seen(connection) if one.network == BLUESKY]
    await forget_streams(connection, [name for name in known if name not in names])


async def _ears_wanted(settings: Settings, pool: asyncpg.Pool) -> bool:
    if settings.secrets_of(MASTODON).every("stream"):
        return True
    given = await pool.fetchval(
        "select exists (select from consent where platform = $1 and state <> 'withdrawn')", MASTODON
    )
    return bool(given)
