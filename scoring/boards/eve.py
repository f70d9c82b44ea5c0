"""Standings as they were at the last local midnight, for the little arrows beside the ranks.

They are what had happened before today: total less what today added. Built once a day and board from
PostgreSQL when first asked for, kept for two days. A board of a day, one that began today and one
that is over have no eve. Law: without an eve there is no movement, never a wrong one.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta, tzinfo

from redis.asyncio import Redis

from scoring.boards.key import BoardKey
from scoring.boards.standing import audience_filter, public
from scoring.connection import Connection
from scoring.metrics import Source, boards_from
from scoring.periods import Period, bounds, starts_on

_NOBODY = "-"  # stands in every eve below all people, so that an eve without people exists too
_BATCH = 4000
_KEPT = timedelta(days=2)
# Only whole: one that a flush took the beginning of has no nobody any more.
_PLACE = """
  if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then redis.call('UNLINK', KEYS[1]) return 0 end
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('EXPIREAT', KEYS[2], ARGV[2])
  return 1"""


def eve_day(board: BoardKey, now: datetime, zone: tzinfo) -> date | None:
    """Today, if the board has an eve: its period is running and began before today."""
    today = starts_on(Period.DAY, now, zone)
    if board.starts_on >= today or starts_on(board.period, now, zone) != board.starts_on:
        return None
    return today


def eve_part(day: date | None) -> str:
    """The name of the part that holds a day's eve; of one that never exists for None."""
    return f"eve-{day or 'none'}"


async def build_eve(
    connection: Connection, redis: Redis, board: BoardKey, now: datetime, zone: tzinfo
) -> bool:
    """Build a board's eve unless it is there or cannot be; returns whether it was built now.

    One that Redis lost on the way is not put in place; the next look builds it.
    """
    day = eve_day(board, now, zone)
    if day is None or await redis.exists(board.part(eve_part(day))):
        return False
    # Aside, under a name of its own: two who build at once each put a whole eve in place.
    aside = board.part(f"new-eve-{secrets.token_hex(4)}")
    await redis.zadd(aside, {_NOBODY: -1})
    await redis.expire(aside, 600)
    async with connection.transaction(readonly=True):
        await connection.execute("set local jit = off")
        cursor = await connection.cursor(
            _select(board), board.metric, str(board.period), board.starts_on, day, timeout=60
        )
        while batch := await cursor.fetch(_BATCH, timeout=60):
            await redis.zadd(aside, {str(person): value for person, value in batch})
    _, midnight = bounds(Period.DAY, day, zone)
    until = int((midnight.astimezone(UTC) + _KEPT).timestamp())
    return bool(await redis.eval(_PLACE, 2, aside, board.part(eve_part(day)), _NOBODY, until))


_TODAY = (
    "select person_id, value from total where metric = $1 and period = 'day' and starts_on = $4"
)
# Who answered earlier in the period had been counted before today.
_NEW_TODAY = """
    select person_id, count(*) as value from answered a
    where on_day = $4 and not exists (
      select from answered b where b.person_id = a.person_id and b.actor_id = a.actor_id
        and b.on_day >= $3 and b.on_day < $4)
    group by person_id"""


def _select(board: BoardKey) -> str:
    shown = public("t.person_id", "p.visibility", board.audience)
    today = _NEW_TODAY if board.metric in boards_from(Source.ANSWERS) else _TODAY
    return f"""
        select t.person_id, t.value - coalesce(d.value, 0)
        from total t
        join profile p on p.person_id = t.person_id
        left join ({today}) d on d.person_id = t.person_id
        where t.metric = $1 and t.period = $2 and t.starts_on = $3
          and t.value > coalesce(d.value, 0) and {audience_filter(board)} and {shown}
    """
