"""What the clock found when it looked last, so that it need not count everything every second.

Law: disposable. Without it the clock only works more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rewards.connection import Connection


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and all that it depended on."""

    about: str
    waits_for: tuple[int, ...]  # cases
    looked_at: datetime


async def looked(connection: Connection, contest_id: int, what: str) -> Look | None:
    """The last look of a kind at a contest."""
    row = await connection.fetchrow(
        "select about, waits_for, looked_at from contest_look where contest_id = $1 and what = $2",
        contest_id,
        what,
    )
    return None if row is None else Look(row["about"], tuple(row["waits_for"]), row["looked_at"])


async def remember(
    connection: Connection,
    contest_id: int,
    what: str,
    *,
    about: str,
    waits_for: Sequence[int] = (),
    now: datetime,
) -> None:
    """Keep what was found."""
    await connection.execute(
        """insert into contest_look (contest_id, what, about, waits_for, looked_at)
           values ($1, $2, $3, $4, $5)
           on conflict (contest_id, what) do update
             set about = excluded.about, waits_for = excluded.waits_for,
                 looked_at = excluded.looked_at""",
        contest_id,
        what,
        about,
        list(waits_for),
        now,
    )
