"""What must happen to consents because time passes: renewed, warned of, ended, taken back.

Laws: any number of workers may do this side by side; a network, or a server of one, that is slow or does not
answer delays no other's consents; what cannot be read is set aside and stands before nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
import structlog

from app.consent.aside import CARRY_EVERY, keep_aside, set_aside
from app.consent.ending import end_consent, warn_of_end
from app.consent.kept import by_id, warns_at
from app.consent.keys import Keys, Unreadable
from app.consent.renewing import renews
from app.consent.resealing import anew, anything_to_move
from app.consent.taking_back import follow_up
from app.consent.tokens import renew_kept
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import carry_snapshot

_log = structlog.get_logger(__name__)

_AT_ONCE: Final = 60
_OF_ONE_SERVER: Final = 10
_SIDE_BY_SIDE: Final = 4  # servers; each needs a connection while it is asked
_LANE_S: Final = 10.0  # after this long nothing more is asked of one server in this round
_AGAIN: Final = timedelta(minutes=10)  # after a network did not answer
# The longest due of every server before the second of any.
_DUE: Final = """
  select id, state, platform, server from (
    select *, row_number() over (partition by platform, server order by due_at, id) as place
    from consent where due_at <= $1) due
  where place <= $2 order by place, due_at, id limit $3
"""


async def anything_due(connection: Any, settings: Settings, now: datetime) -> bool:
    """Whether a round would find something to do: a small question, asked often."""
    due: bool = await connection.fetchval(
        "select exists (select from consent where due_at <= $1)", now
    )
    return due or await anything_to_move(connection, Keys.of(settings))


async def keep_consents(
    connection: Any, settings: Settings, outside: Outside, now: datetime
) -> int:
    """One round: what is due, some of each server's; returns how much that was.

    Not inside a transaction. Where several servers are to be asked it opens connections of its own.
    """
    done = await anew(connection, Keys.of(settings), now)
    due = await connection.fetch(_DUE, now, _OF_ONE_SERVER, _AT_ONCE)
    lanes: dict[tuple[str, str | None], list[Any]] = defaultdict(list)
    for row in due:
        lanes[row["platform"], row["server"]].append(row)
    if len(lanes) < 2:
        for rows in lanes.values():
            await _lane(connection, settings, outside, rows, now)
        return done + len(due)
    waiting = list(lanes.values())[::-1]

    async def work() -> None:
        mine = await asyncpg.connect(settings.require_database_url())
        try:
            while waiting:
                await _lane(mine, settings, outside, waiting.pop(), now)
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await mine.close(timeout=5.0)

    # None is broken off because of another: what a network gave meanwhile must be written down.
    work_done = await asyncio.gather(
        *(work() for _ in range(min(_SIDE_BY_SIDE, len(waiting)))), return_exceptions=True
    )
    for fault in work_done:
        if isinstance(fault, BaseException):
            raise fault
    return done + len(due)


async def _lane(
    connection: Any, settings: Settings, outside: Outside, rows: Sequence[Any], now: datetime
) -> None:
    """What is due at one server, one after the other; once it does not answer the rest waits."""
    began = time.monotonic()
    for place, row in enumerate(rows):
        if time.monotonic() - began > _LANE_S:
            return
        if row["state"] == "withdrawn":
            await follow_up(connection, settings, outside, row["id"], now)
            continue
        try:
            answered = await _look_at(connection, settings, outside, row["id"], now)
        except Unreadable:
            _log.error("consents_unreadable", count=1)
            async with connection.transaction():
                await set_aside(connection, Keys.of(settings), row["id"], now)
                await keep_aside(connection, row["id"], now)
            continue
        if not answered:
            for later in rows[place + 1 :]:
                if later["state"] != "withdrawn":
                    await _later(connection, later["id"], now + _AGAIN)
            return


async def _look_at(
    connection: Any, settings: Settings, outside: Outside, id_: int, now: datetime
) -> bool:
    """Do what is due of one; False: its network did not answer. Raises Unreadable."""
    keys = Keys.of(settings)
    async with connection.transaction():
        if await keep_aside(connection, id_, now):
            return True
        kept = await by_id(connection, keys, id_, locked=True)
        if kept is None:
            return True  # somebody is at it
        if kept.state == "refused":
            over = kept.grace_until is None or now >= kept.grace_until
            if not over:
                await carry_snapshot(connection, kept.account_id, now)
            await _later(connection, id_, None if over else now + CARRY_EVERY)
            return True
        can = await renews(connection, settings, kept)
        ends_at = kept.ends_at if can else kept.ends_at or kept.expires_at
        if ends_at is not None and ends_at <= now:
            await end_consent(connection, kept, "over", now)
            return True
        if (
            ends_at is not None
            and warns_at(ends_at, kept.given_at) <= now
            and kept.state == "given"
        ):
            await warn_of_end(connection, kept, ends_at, now)
            if not can:
                return True
        if not can:
            await _later(connection, id_, ends_at)
            return True
    try:
        renewed = await renew_kept(connection, settings, outside, kept.account_id, now, early=True)
    except NotReachable:
        await _later(connection, id_, now + _AGAIN)
        return False
    if renewed is not None and renewed.lost_at is None and renewed.expires_at == kept.expires_at:
        await _later(connection, id_, now + _AGAIN)  # nobody answered, and what there is works on
        return False
    return True


async def _later(connection: Any, id_: int, at: datetime | None) -> None:
    await connection.execute("update consent set due_at = $2 where id = $1", id_, at)
