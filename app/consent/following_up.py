"""What follows once a consent was taken back: the network is told, and what it had sent goes.

Laws: the network is told again and again for a day, then the tokens are thrown away whatever it says; what it
had sent goes (scoring.forgotten), and how the account was linked (leftovers); no renewal waits for any of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from app.consent.apps import consent_at
from app.consent.kept import Kept, by_id, live
from app.consent.keys import Keys, Unreadable
from app.consent.lanes import anything_in_lanes, in_lanes, while_there_is_time
from app.consent.leftovers import forget_how_linked
from app.consent.renewing import few_at_once, revoke
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import Forgotten, NotGranted, UnknownPlatform, forget_account, platform

_log = structlog.get_logger(__name__)

_AT_ONCE_S: Final = 5.0
_TRY_FOR: Final = timedelta(days=1)
_TRY_EVERY: Final = timedelta(minutes=10)
# Given anew, so that the account is still theirs; the company's, which is not about a person.
_STAYS: Final = ("replaced", "company")
_FORGETS: Final = 0x666F7267  # "forg"
_LOOK_AGAIN: Final = timedelta(days=1)  # at what an open case needs


async def follow_up(
    connection: Any, settings: Settings, outside: Outside, id_: int, now: datetime
) -> bool:
    """Tell the network and delete what it had sent; True once nothing is left to do.

    Not inside a transaction. Whoever is second leaves it to the first.
    """
    keys = Keys.of(settings)
    async with connection.transaction():
        row = await connection.fetchrow(
            """select account_id, person_id, changed_at, reason from consent
               where id = $1 and state = 'withdrawn' for no key update skip locked""",
            id_,
        )
        if row is None:
            return True
        account, person_id, since, why = row
        try:
            kept = await by_id(connection, keys, id_)
        except Unreadable:  # its key may come back within the day
            told = False
        else:
            assert kept is not None, "its row is locked"
            told = kept.access is None or await _told(connection, settings, outside, kept)
        if told or now >= since + _TRY_FOR:
            await connection.execute(
                """update consent set access = null, refresh = null, besides = null, sealed_by = null,
                     aside_at = null, aside_with = null where id = $1""",
                id_,
            )
        await connection.execute(
            "update consent set due_at = $2 where id = $1", id_, now + _TRY_EVERY
        )
    forgotten = Forgotten(0, 0, waits=False)
    if why not in _STAYS:
        async with connection.transaction():
            await forget_how_linked(connection, account, person_id, since)
        # Looking through what a large company keeps takes minutes: a session's lock, which ends with it.
        lock = (_FORGETS, id_ % 2**31)
        if not await connection.fetchval("select pg_try_advisory_lock($1, $2)", *lock):
            return False
        try:
            forgotten = await forget_account(connection, account, since)
        finally:
            await connection.execute("select pg_advisory_unlock($1, $2)", *lock)
    if forgotten.waits or not (told or now >= since + _TRY_FOR):
        return False
    if forgotten.held:
        await connection.execute(
            "update consent set due_at = $2 where id = $1", id_, now + _LOOK_AGAIN
        )
        return False
    await connection.execute("delete from consent where id = $1 and state = 'withdrawn'", id_)
    return True


async def anything_to_follow_up(connection: Any, now: datetime) -> bool:
    """Whether something is left to do: a small question, asked often."""
    return await anything_in_lanes(connection, now, withdrawn=True)


async def follow_up_all(
    connection: Any, settings: Settings, outside: Outside, now: datetime
) -> int:
    """One round: what is left to do, some of each server's; returns how much that was.

    Not inside a transaction. Where there are several servers it opens connections of its own.
    """

    async def lane(mine: Any, rows: Sequence[Any]) -> None:
        for _, row in while_there_is_time(rows):
            await follow_up(mine, settings, outside, row["id"], now)

    return await in_lanes(connection, settings, lane, now, withdrawn=True)


async def told_at_once(state: Any, queued: int | None, now: datetime) -> None:
    """Begin with what unlinking left to do while the person waits, for some seconds at most; a worker does
    the rest. `state` is the application's."""
    if queued is None:
        return
    try:
        async with (
            asyncio.timeout(_AT_ONCE_S),
            few_at_once(),
            state.pool.acquire() as connection,
        ):
            await follow_up(connection, state.settings, state.outside, queued, now)
    except (TimeoutError, Unreadable) as why:
        _log.warning("consent_follow_up_waits", consent=queued, why=str(why) or type(why).__name__)


async def _told(connection: Any, settings: Settings, outside: Outside, kept: Kept) -> bool:
    """Whether the network knows now, or will never need to."""
    try:
        if await _would_end_another(connection, Keys.of(settings), kept):
            return True
        await revoke(connection, settings, outside, kept)
    except NotGranted as refusal:
        return refusal.final  # there is no way: the person was told where they can do it
    except NotReachable:
        return False
    return True


async def _would_end_another(connection: Any, keys: Keys, kept: Kept) -> bool:
    """Whether telling the network would end a consent that was given anew meanwhile: where one ends all,
    and where a network gave the same token again, as Mastodon does."""
    try:
        consent = consent_at(kept.platform)
    except UnknownPlatform:
        return True
    if consent is not None and consent.revokes_all and platform(kept.platform).page_consents:
        beside: bool = await connection.fetchval(
            """select exists (select from consent where person_id = $1 and platform = $2
                 and account_id <> $3 and state in ('given', 'expiring'))""",
            kept.person_id,
            kept.platform,
            kept.account_id,
        )
        if beside:  # their page, or their profile: the last of them is told
            return True
    anew = await live(connection, keys, kept.account_id)
    if anew is None:
        return False
    return anew.access == kept.access or (consent is not None and consent.revokes_all)
