"""All screens and playlists as this process knows them.

Law: what was revoked, set or saved is known a tenth of a second later, at the price of one small
question however many screens ask: rows are only ever added, so their number says whether any is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from app.screens.fresh import Fresh
from app.screens.key import fingerprint, is_key
from app.screens.playlist import STANDARD, Playlist
from app.screens.playlists import PLAYLISTS, saved_of
from app.screens.screens import SCREENS, Screen, screen_of

HOLDS_S: Final = 0.1
_STATE: Final = """
select (select count(*) from screen), (select count(*) from screen_setting),
       (select count(*) from screen_change), (select count(*) from playlist_version)
"""


@dataclass(frozen=True, slots=True)
class _Known:
    state: tuple[int, ...]
    by_fingerprint: Mapping[bytes, Screen]
    playlists: Mapping[int, Playlist]


class Roster:
    """The screens of this installation, read from a pool."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool
        self._fresh: Fresh[_Known] = Fresh(HOLDS_S)
        self._known: _Known | None = None

    async def screen(self, key: str) -> Screen | None:
        """The screen of a key, also a revoked one; None for a key that never was."""
        if not is_key(key):
            return None
        known = await self._fresh.get("all", self._read)
        return known.by_fingerprint.get(fingerprint(key))

    async def playlist(self, id: int | None) -> Playlist:
        """The list a screen plays: the standard one where none is set or it was removed."""
        if id is None:
            return STANDARD
        known = await self._fresh.get("all", self._read)
        return known.playlists.get(id, STANDARD)

    async def _read(self) -> _Known:
        # All of one moment: a setting and the playlist it names.
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            state = tuple((await connection.fetchrow(_STATE)).values())
            if self._known is None or self._known.state != state:
                rows = await connection.fetch(SCREENS)
                lists = map(saved_of, await connection.fetch(PLAYLISTS))
                self._known = _Known(
                    state,
                    {bytes(row["key_sha256"]): screen_of(row) for row in rows},
                    {one.id: one.playlist for one in lists if one.playlist.name},
                )
        return self._known
