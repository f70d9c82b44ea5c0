"""Receiving deliveries: from the raw bytes of a request to a committed row, and nothing further.

async with receiving(settings, database_url) as door:
    application = in_front_of(application, door)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.settings import Settings
from app.webhooks.commit import GroupCommit, Limits
from app.webhooks.door import in_front_of
from app.webhooks.hubs import Confirming
from app.webhooks.lane import Lane, store
from app.webhooks.noted import Noted, fingerprint, writing_down
from app.webhooks.receive import PREFIX, Receiving
from app.webhooks.row import DeliveryRow, Kept, NotKept, Overloaded, RowRefused, Unavailable
from app.webhooks.sources import Source, sources

__all__ = [
    "PREFIX",
    "DeliveryRow",
    "GroupCommit",
    "Kept",
    "Lane",
    "Limits",
    "NotKept",
    "Noted",
    "Overloaded",
    "Receiving",
    "RowRefused",
    "Source",
    "Unavailable",
    "fingerprint",
    "in_front_of",
    "receiving",
    "sources",
    "store",
    "writing_down",
]


@asynccontextmanager
async def receiving(settings: Settings, database_url: str) -> AsyncIterator[Receiving]:
    """Take deliveries as long as the context lasts; what was taken is stored before it ends."""
    commit = GroupCommit(Lane(database_url))
    commit.start()
    try:
        yield Receiving(
            sources(settings),
            commit,
            noted=Noted(settings.secret_key or ""),
            confirming=Confirming(database_url),
        )
    finally:
        await commit.close()
