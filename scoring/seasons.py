"""Named seasons, which HR sets: a name, a first and a last day.

Laws: none overlap; a season begins after the day on which it is set, and ends not before the day on which
its end is changed, so that no point already counted moves into another season; every change is audited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import asyncpg

from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.periods import NamedSeason, Period, follow, starts_on
from scoring.zones import keep_zones


class SeasonRefused(ValueError):
    """A season cannot be so; `field` is what is wrong with it, the message says what to do."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Season:
    """A named season, both days included."""

    id: int
    name: str
    starts_on: date
    ends_on: date


async def seasons(connection: Connection) -> list[Season]:
    """All of them, the last first."""
    rows = await connection.fetch(
        "select id, name, starts_on, ends_on from season order by starts_on desc"
    )
    return [Season(*row) for row in rows]


async def keep_seasons(connection: Connection) -> None:
    """Let this process's calendar follow the seasons and the company's time zones that are set now."""
    await keep_zones(connection)
    rows = await connection.fetch("select name, starts_on, ends_on from season order by starts_on")
    follow(NamedSeason(*row) for row in rows)


async def set_season(
    connection: Connection,
    name: str,
    first: date,
    last: date,
    *,
    by: int,
    now: datetime,
    zone: ZoneInfo,
) -> int:
    """Add a season in the caller's transaction; returns its id. Raises SeasonRefused."""
    today = starts_on(Period.DAY, now, zone)
    if first <= today:
        raise SeasonRefused("first", "It begins tomorrow at the earliest: nothing counted moves.")
    _check_order(first, last)
    try:
        async with connection.transaction():
            id: int = await connection.fetchval(
                """insert into season (name, starts_on, ends_on, recorded_at)
                   values ($1, $2, $3, $4) returning id""",
                name,
                first,
                last,
                now,
            )
    except asyncpg.ExclusionViolationError as overlap:
        raise _overlaps() from overlap
    await _audit(connection, by, "season_set", id, first, last, now)
    return id


async def end_season(
    connection: Connection, id: int, last: date, *, by: int, now: datetime, zone: ZoneInfo
) -> None:
    """Let a season end on another day, today or later, in the caller's transaction."""
    found = await _locked(connection, id)
    today = starts_on(Period.DAY, now, zone)
    if min(last, found.ends_on) < today:
        raise SeasonRefused("last", "It ends today at the earliest, and what is over stays so.")
    _check_order(found.starts_on, last)
    try:
        async with connection.transaction():
            await connection.execute("update season set ends_on = $2 where id = $1", id, last)
    except asyncpg.ExclusionViolationError as overlap:
        raise _overlaps() from overlap
    await _audit(connection, by, "season_ended", id, found.starts_on, last, now)


async def remove_season(
    connection: Connection, id: int, *, by: int, now: datetime, zone: ZoneInfo
) -> None:
    """Take back a season that has not begun, in the caller's transaction."""
    found = await _locked(connection, id)
    if found.starts_on <= starts_on(Period.DAY, now, zone):
        raise SeasonRefused("id", "It has begun. Let it end instead.")
    await connection.execute("delete from season where id = $1", id)
    await _audit(connection, by, "season_removed", id, found.starts_on, found.ends_on, now)


async def _locked(connection: Connection, id: int) -> Season:
    row = await connection.fetchrow(
        "select id, name, starts_on, ends_on from season where id = $1 for update", id
    )
    if row is None:
        raise SeasonRefused("id", "There is no such season any more.")
    return Season(*row)


def _check_order(first: date, last: date) -> None:
    if last < first:
        raise SeasonRefused("last", "It ends on its first day at the earliest.")


def _overlaps() -> SeasonRefused:
    return SeasonRefused("last", "Another season lies in these days. Two cannot run at once.")


async def _audit(
    connection: Connection, by: int, action: str, id: int, first: date, last: date, now: datetime
) -> None:
    detail = {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
    await record_audit(connection, by, action, f"season:{id}", detail, now)
