"""The screens: added, set, reloaded, revoked.

Laws: nothing of a screen is ever edited, its newest setting holds; a revoked one stays revoked; every
change is in the audit, and none of them holds a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg
import msgspec

from app.database import Connection
from app.screens.key import fingerprint, is_key, key_of
from app.screens.setting import Setting
from rewards import Refused
from scoring import record_audit

__all__ = [
    "NoSuchScreen",
    "Screen",
    "add_screen",
    "key_of",
    "reload_screen",
    "revoke_screen",
    "screen_by_id",
    "screen_by_key",
    "screen_by_pairing",
    "screens",
    "set_screen",
]

SCREENS = """
select screen.id, screen.key_sha256, screen.recorded_at, setting.id as setting_id, setting.body,
  exists (select from screen_change c where c.screen_id = screen.id and c.change = 'revoked')
    as revoked,
  (select count(*) from screen_change c where c.screen_id = screen.id and c.change = 'reloaded')::int
    as reloads
from screen cross join lateral (
  select id, body from screen_setting where screen_id = screen.id order by id desc limit 1
) as setting
"""


class NoSuchScreen(Refused):
    """There is no such screen, or it was revoked."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A television with what is set for it."""

    id: int
    setting: Setting
    paired_at: datetime
    revoked: bool
    reloads: int  # how often an administrator asked for its page anew
    revision: str  # another one after each change of what is set


async def screens(connection: Connection) -> list[Screen]:
    """All screens that were not revoked, the oldest first."""
    rows = await connection.fetch(f"{SCREENS} order by screen.id")
    return [screen for screen in map(screen_of, rows) if not screen.revoked]


async def screen_by_id(connection: Connection, id: int) -> Screen:
    """One screen; raises NoSuchScreen for one that never was or was revoked."""
    row = await connection.fetchrow(f"{SCREENS} where screen.id = $1", id)
    if row is None or row["revoked"]:
        raise NoSuchScreen("There is no such screen, or its way in was revoked.")
    return screen_of(row)


async def screen_by_key(connection: Connection, key: str) -> Screen | None:
    """The screen a key belongs to; None for a wrong one and for one that was revoked."""
    if not is_key(key):
        return None
    row = await connection.fetchrow(f"{SCREENS} where screen.key_sha256 = $1", fingerprint(key))
    return None if row is None or row["revoked"] else screen_of(row)


async def screen_by_pairing(connection: Connection, pairing_sha256: bytes) -> Screen | None:
    """The screen that was added for a television's pairing secret, also a revoked one."""
    row = await connection.fetchrow(f"{SCREENS} where screen.pairing_sha256 = $1", pairing_sha256)
    return screen_of(row) if row else None


async def add_screen(
    connection: Connection,
    setting: Setting,
    *,
    pairing_sha256: bytes | None,
    by: int | None,
    secret_key: str,
    now: datetime,
) -> Screen:
    """Add a screen; without a pairing secret it is opened by its address. Raises Refused when
    this very pairing was used before."""
    async with connection.transaction():
        id: int = await connection.fetchval("select nextval('screen_id_seq')")
        try:
            await connection.execute(
                """insert into screen (id, key_sha256, pairing_sha256, person_id, recorded_at)
                   overriding system value values ($1, $2, $3, $4, $5)""",
                id,
                fingerprint(key_of(secret_key, id)),
                pairing_sha256,
                by,
                now,
            )
        except asyncpg.UniqueViolationError:
            raise Refused(
                "That code was used already. The television shows a new one.", field="code"
            ) from None
        await _keep(connection, id, setting, by, now)
        await record_audit(connection, by, "screen_added", f"screen:{id}", _noted(setting), now)
    return await screen_by_id(connection, id)


async def set_screen(
    connection: Connection, id: int, setting: Setting, by: int | None, now: datetime
) -> None:
    """Set a screen anew; the same setting again is noted once. Raises NoSuchScreen."""
    async with connection.transaction():
        await _lock(connection, id)
        if (await screen_by_id(connection, id)).setting == setting:
            return
        await _keep(connection, id, setting, by, now)
        await record_audit(connection, by, "screen_set", f"screen:{id}", _noted(setting), now)


async def revoke_screen(connection: Connection, id: int, by: int | None, now: datetime) -> None:
    """Take a screen's key away for good. Raises NoSuchScreen."""
    await _change(connection, id, "revoked", by, now)


async def reload_screen(connection: Connection, id: int, by: int | None, now: datetime) -> None:
    """Have a screen load its page anew. Raises NoSuchScreen."""
    await _change(connection, id, "reloaded", by, now)


def screen_of(row: Any) -> Screen:
    """A screen from a row of SCREENS."""
    return Screen(
        row["id"],
        msgspec.json.decode(row["body"], type=Setting),
        row["recorded_at"],
        row["revoked"],
        row["reloads"],
        f"{row['setting_id']}-{row['reloads']}",
    )


async def _change(
    connection: Connection,
    id: int,
    change: Literal["revoked", "reloaded"],
    by: int | None,
    now: datetime,
) -> None:
    async with connection.transaction():
        await _lock(connection, id)
        await screen_by_id(connection, id)
        await connection.execute(
            """insert into screen_change (screen_id, change, person_id, recorded_at)
               values ($1, $2, $3, $4)""",
            id,
            change,
            by,
            now,
        )
        await record_audit(connection, by, f"screen_{change}", f"screen:{id}", {}, now)


async def _keep(
    connection: Connection, id: int, setting: Setting, by: int | None, now: datetime
) -> None:
    await connection.execute(
        """insert into screen_setting (screen_id, body, person_id, recorded_at)
           values ($1, $2::jsonb, $3, $4)""",
        id,
        msgspec.json.encode(setting).decode(),
        by,
        now,
    )


async def _lock(connection: Connection, id: int) -> None:
    await connection.fetchval("select 1 from screen where id = $1 for no key update", id)


def _noted(setting: Setting) -> dict[str, Sequence[str] | str]:
    return {"name": setting.name, "place": setting.place, "audience": setting.audience}
