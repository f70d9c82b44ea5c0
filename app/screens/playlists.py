"""The playlists as they are kept.

Law: a list is never edited: each saving is another version, the newest holds, and a removed one is a
version without a name. Screens that played it play the standard one then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from app.database import Connection
from app.screens.playlist import LEAST_S, MOST_S, MOST_SLIDES, Playlist
from rewards import Refused
from scoring import record_audit

MOST_NAME: Final = 60
PLAYLISTS = """
select distinct on (playlist_id) playlist_id as id, body from playlist_version
order by playlist_id, playlist_version.id desc
"""


class NoSuchPlaylist(Refused):
    """There is no such playlist, or it was removed."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A playlist with its id."""

    id: int
    playlist: Playlist


async def playlists(connection: Connection) -> list[Saved]:
    """All lists that were not removed, by name."""
    found = map(saved_of, await connection.fetch(PLAYLISTS))
    kept = [one for one in found if one.playlist.name]
    return sorted(kept, key=lambda one: (one.playlist.name.casefold(), one.id))


async def playlist_by_id(connection: Connection, id: int) -> Saved:
    """One list; raises NoSuchPlaylist for one that never was or was removed."""
    row = await connection.fetchrow(
        """select playlist_id as id, body from playlist_version where playlist_id = $1
           order by playlist_version.id desc limit 1""",
        id,
    )
    found = saved_of(row) if row else None
    if found is None or not found.playlist.name:
        raise NoSuchPlaylist("There is no such playlist, or it was removed.")
    return found


async def save_playlist(
    connection: Connection, id: int | None, playlist: Playlist, by: int | None, now: datetime
) -> int:
    """Save a list, as a new one where `id` is None; its id. Raises Refused, NoSuchPlaylist."""
    _check(playlist)
    async with connection.transaction():
        if id is None:
            id = int(
                await connection.fetchval(
                    "insert into playlist (recorded_at) values ($1) returning id", now
                )
            )
        else:
            await _lock(connection, id)
            if (await playlist_by_id(connection, id)).playlist == playlist:
                return id
        await _keep(connection, id, playlist, by, now)
        detail = {"name": playlist.name, "slides": len(playlist.slides)}
        await record_audit(connection, by, "playlist_saved", f"playlist:{id}", detail, now)
    return id


async def remove_playlist(connection: Connection, id: int, by: int | None, now: datetime) -> None:
    """Remove a list. Raises NoSuchPlaylist."""
    async with connection.transaction():
        await _lock(connection, id)
        await playlist_by_id(connection, id)
        await _keep(connection, id, Playlist(""), by, now)
        await record_audit(connection, by, "playlist_removed", f"playlist:{id}", {}, now)


def saved_of(row: Any) -> Saved:
    """A list from a row of PLAYLISTS."""
    return Saved(row["id"], msgspec.json.decode(row["body"], type=Playlist))


def _check(playlist: Playlist) -> None:
    if not playlist.name.strip():
        raise Refused("Give the playlist a name.", field="name")
    if len(playlist.name) > MOST_NAME:
        raise Refused(f"Use at most {MOST_NAME} characters.", field="name")
    if len(playlist.slides) > MOST_SLIDES:
        raise Refused(f"A playlist has at most {MOST_SLIDES} slides.", field="slides")
    keys = [slide.key for slide in playlist.slides]
    if len(set(keys)) < len(keys) or not all(key.isascii() and key.isalnum() for key in keys):
        raise Refused("Two slides of the list have one key; load the page anew.", field="slides")
    if any(not LEAST_S <= slide.seconds <= MOST_S for slide in playlist.slides):
        raise Refused(f"A slide is on for {LEAST_S} to {MOST_S} seconds.", field="seconds")
    if any(not 1 <= day <= 7 for slide in playlist.slides for day in slide.weekdays):
        raise Refused("Choose days from Monday to Sunday.", field="weekdays")


async def _keep(
    connection: Connection, id: int, playlist: Playlist, by: int | None, now: datetime
) -> None:
    await connection.execute(
        """insert into playlist_version (playlist_id, body, person_id, recorded_at)
           values ($1, $2::jsonb, $3, $4)""",
        id,
        msgspec.json.encode(playlist).decode(),
        by,
        now,
    )


async def _lock(connection: Connection, id: int) -> None:
    await connection.fetchval("select 1 from playlist where id = $1 for no key update", id)
