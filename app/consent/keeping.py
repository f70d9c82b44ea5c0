"""What must happen to consents because time passes: renewed, warned of, ended.

Laws: any number of workers may do this side by side; a network, or a server of one, that is slow or does not
answer delays no other's consents, nor does what was taken back; what cannot be read is set aside and stands
before nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from app.consent.aside import CARRY_EVERY, keep_aside, set_aside
from app.consent.ending import end_consent, warn_of_end
from app.consent.kept import by_id, warns_at
from app.consent.keys import Keys, Unreadable
from app.consent.lanes import anything_in_lanes, in_lanes, while_there_is_time
from app.consent.renewing import renews
from app.consent.resealing import anew, anything_to_move
from app.consent.tokens import renew_kept
from app.going_out import NotReachable, Outside
from app.settings import Settings
from scoring import carry_snapshot

_log = structlog.get_logger(__name__)

_AGAIN: Final = timedelta(minutes=10)  # after a network did not answer


async def anything_due(connection: Any, settings: Settings, now: datetime) -> bool:
    """Whether a round would find something to do: a small question, asked often."""
    due = await anything_in_lanes(connection, now, withdrawn=False)
    return due or await anything_to_move(connection, Keys.of(settings))


async def keep_consents(
    connection: Any, settings: Settings, outside: Outside, now: datetime
) -> int:
    """One round: what is due, some of each server's; returns how much that was.

    Not inside a transaction. Where several servers are to be asked it opens connections of its own.
    """
    done = await anew(connection, Keys.of(settings), now)

    async def lane(mine: Any, rows: Sequence[Any]) -> None:
        await _lane(mine, settings, outside, rows, now)

    return done + await in_lanes(connection, settings, lane, now, withdrawn=False)


async def _lane(
    connection: Any, settings: Settings, outside: Outside, rows: Sequence[Any], now: datetime
) -> None:
    """What is due at one server, one after the other; once it does not answer the rest waits."""
    for place, row in while_there_is_time(rows):
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
        if kept is None or kept.state == "withdrawn":
            return True  # somebody is at it, or took it back a moment ago
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
