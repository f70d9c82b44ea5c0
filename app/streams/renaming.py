"""Handles that changed, as a Bluesky stream tells it: asked for before anybody is shown under one.

Laws: a stream passes on what an account's own server says; a handle is shown only where it leads to the DID
and the DID's document names it, and stays as it is shown where nobody answers. Listening never waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from app.going_out import Outside
from app.proofs import answered
from app.streams.closing import closed
from app.streams.heap import NETWORK
from scoring import NotSeen, Secrets, bluesky_identity, rename_accounts, shown_otherwise

_log = structlog.get_logger(__name__)

_AGAIN_S: Final = 60.0  # after trouble of ours


@dataclass(slots=True)
class Renaming:
    """Asks about one account after the other; `outside` is None where nothing may be asked."""

    database: Callable[[], Awaitable[Any]]
    outside: Outside | None
    secrets: Secrets
    _waiting: dict[str, str] = field(default_factory=dict)
    _any: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self, handles: Mapping[str, str]) -> None:
        """A stream told these handles of accounts of ours, by DID."""
        if self.outside is not None and handles:
            self._waiting.update(handles)
            self._any.set()

    async def run(self) -> None:
        """Ask as long as it runs."""
        while True:
            await self._any.wait()
            self._any.clear()
            try:
                await self._round()
            except Exception as why:  # noqa: BLE001 - such as PostgreSQL away
                _log.warning("handles_wait", why=f"{type(why).__name__}: {why}")
                await asyncio.sleep(_AGAIN_S)
                self._any.set()

    async def _round(self) -> None:
        told = dict(self._waiting)
        connection = await self.database()
        try:
            for did in sorted(await shown_otherwise(connection, NETWORK, told)):
                handle = await self._now(did)
                if handle is not None:
                    await rename_accounts(connection, NETWORK, {did: handle})
        finally:
            await closed(connection)
        # What was told meanwhile is asked for in the next round.
        self._waiting = {did: said for did, said in self._waiting.items() if told.get(did) != said}
        if self._waiting:
            self._any.set()

    async def _now(self, did: str) -> str | None:
        """The handle that holds both ways; None: none does, or nobody answers."""
        assert self.outside is not None, "nothing waits without it"
        try:
            return (await answered(self.outside, bluesky_identity(did, self.secrets))).handle
        except NotSeen as why:
            _log.warning("handle_not_seen", did=did, why=str(why))
            return None
