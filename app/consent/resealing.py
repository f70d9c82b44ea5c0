"""Moving what an older key encrypts under the one that encrypts now.

Law: what no key opens is set aside and looked at no more until the keys change, so that it never stands
before what can be moved.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import structlog

from app.consent.aside import set_aside
from app.consent.keys import Keys, Unreadable

_log = structlog.get_logger(__name__)

_AT_ONCE: Final = 20
# Under an older key, or set aside; and not tried with these keys yet.
_WAITS: Final = (
    "sealed_by is not null and (sealed_by <> $1 or aside_with is not null)"
    " and aside_with is distinct from $2"
)


async def anything_to_move(connection: Any, keys: Keys) -> bool:
    """Whether anything waits for these keys."""
    waits: bool = await connection.fetchval(
        f"""select exists (select from consent where {_WAITS})
               or exists (select from consent_app where {_WAITS})""",
        keys.name,
        keys.bunch,
    )
    return waits


async def anew(connection: Any, keys: Keys, now: datetime) -> int:
    """Put some of it under the first key; how many were moved or set aside."""
    rows = await connection.fetch(
        f"select id from consent where {_WAITS} order by id limit {_AT_ONCE}",
        keys.name,
        keys.bunch,
    )
    lost = 0
    for row in rows:
        async with connection.transaction():
            lost += not await _one(connection, keys, row["id"], now)
    if lost:
        _log.error("consents_unreadable", count=lost)
    apps = await connection.fetch(
        f"select server, client_secret from consent_app where {_WAITS} limit {_AT_ONCE}",
        keys.name,
        keys.bunch,
    )
    for app in apps:
        await _app(connection, keys, app["server"], app["client_secret"])
    return len(rows) + len(apps)


async def _one(connection: Any, keys: Keys, id_: int, now: datetime) -> bool:
    """Move one; False: no key opens it."""
    held = await connection.fetchrow(
        "select access, refresh, besides from consent where id = $1 for no key update skip locked",
        id_,
    )
    if held is None:
        return True  # somebody is at it
    try:
        sealed = [keys.anew(value) for value in held]
    except Unreadable:
        await set_aside(connection, keys, id_, now)
        return False
    # Whatever fell due while it lay aside is looked at now.
    await connection.execute(
        """update consent set access = $2, refresh = $3, besides = $4, sealed_by = $5,
             due_at = case when aside_at is null then due_at else $6 end,
             aside_at = null, aside_with = null
           where id = $1""",
        id_,
        *sealed,
        keys.name,
        now,
    )
    return True


async def _app(connection: Any, keys: Keys, server: str, secret: bytes) -> None:
    try:
        sealed = keys.anew(secret)
    except Unreadable:  # the key may come back
        _log.error("consent_unreadable", server=server)
        await connection.execute(
            "update consent_app set aside_with = $3 where server = $1 and client_secret = $2",
            server,
            secret,
            keys.bunch,
        )
        return
    await connection.execute(
        """update consent_app set client_secret = $2, sealed_by = $3, aside_with = null
           where server = $1 and client_secret = $4""",
        server,
        sealed,
        keys.name,
        secret,
    )


async def under_other_keys(connection: Any, keys: Keys) -> int:
    """How many consents and apps an older key still encrypts: while there are, it must stay set."""
    count: int = await connection.fetchval(
        """select (select count(*) from consent where sealed_by <> $1)
                + (select count(*) from consent_app where sealed_by <> $1)""",
        keys.name,
    )
    return count
