"""Brackets of boards: people with about as many followers among themselves. HR sets where they begin.

Laws: a period's brackets are those that stood on its first day, so a change holds from tomorrow and moves
nobody; every number of followers lies in exactly one; every change is audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from scoring.audit import record_audit
from scoring.connection import Connection
from scoring.periods import Period, starts_on

MOST: Final = 6  # brackets; with more, each is too small to rank
_HIGHEST: Final = 10**12  # followers; nobody has more


class BracketsRefused(ValueError):
    """Brackets cannot be so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SizeBracket:
    """People with so many followers as a period began; who was not counted by then stands in the first."""

    number: int  # from 1
    at_least: int
    below: int | None

    @property
    def audience(self) -> str:
        """As boards name it: `bracket-2`."""
        return f"bracket-{self.number}"


async def brackets_on(connection: Connection, day: date) -> list[SizeBracket]:
    """The brackets of periods that begin on a day, the smallest first."""
    rows = await connection.fetch(
        f"select at_least from bracket_limit where change_id = {standing_on(day)} order by at_least"
    )
    return between(row["at_least"] for row in rows)


def between(limits: Iterable[int]) -> list[SizeBracket]:
    """Brackets that begin at nothing and at every limit, the limits in order. Pure."""
    begins = [0, *limits]
    return [
        SizeBracket(number, begin, below)
        for number, (begin, below) in enumerate(zip(begins, [*begins[1:], None], strict=True), 1)
    ]


def standing_on(day: date) -> str:
    """SQL for the change that stands on a day."""
    return (
        f"(select id from bracket_change where from_on <= date '{day}'"
        " order by from_on desc, id desc limit 1)"
    )


async def set_brackets(
    connection: Connection, limits: Iterable[int], *, by: int, now: datetime, zone: ZoneInfo
) -> date:
    """Let brackets begin at these limits, in the caller's transaction; returns from which day on.

    Raises BracketsRefused.
    """
    wanted = sorted(set(limits))
    if not wanted or len(wanted) >= MOST:
        raise BracketsRefused(f"Say one to {MOST - 1} numbers of followers.")
    if wanted[0] < 1 or wanted[-1] > _HIGHEST:
        raise BracketsRefused("A bracket begins at one follower or more.")
    from_on = starts_on(Period.DAY, now, zone) + timedelta(days=1)
    await connection.execute(
        """with change as (
             insert into bracket_change (from_on, person_id, recorded_at) values ($1, $2, $3)
             returning id)
           insert into bracket_limit select id, unnest($4::bigint[]) from change""",
        from_on,
        by,
        now,
        wanted,
    )
    detail = {"from_on": from_on.isoformat(), "limits": wanted}
    await record_audit(connection, by, "changed", "brackets", detail, now)
    return from_on
