"""Announcements as they are recorded. Reading only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from rewards.announcements.announcement import Announcement, AnnouncementEvent
from rewards.announcements.plan import Plan
from rewards.announcements.turns import in_turn
from rewards.awards import AwardState, AwardView, awards
from rewards.connection import Connection
from rewards.refusal import Refused

# What may still come to nothing is no win yet that others would read of.
STILL_WON: Final = frozenset(
    {AwardState.APPROVED, AwardState.ACCEPTED, AwardState.EXPORTED, AwardState.PAID}
)
_SOON: Final = timedelta(
    hours=24
)  # who looks for what is on is told of the next for so long before
_LONGEST: Final = timedelta(days=3)  # of a reveal, whatever a leader waits between its steps
_LAST_ID: Final = 2**63 - 1  # an address may say any number

_NOT_CALLED_OFF: Final = """not exists (select from announcement_event e
  where e.announcement_id = a.id and e.kind = 'called_off')"""
_FINISHED: Final = """exists (select from announcement_event e
  where e.announcement_id = a.id and e.kind = 'finished')"""


class NoSuchAnnouncement(Refused):
    """There is no announcement with this id."""

    def __init__(self) -> None:
        super().__init__("There is no such announcement.")


async def announcement(connection: Connection, announcement_id: int) -> Announcement:
    """One announcement, called off or not. Raises NoSuchAnnouncement."""
    if not 0 < announcement_id <= _LAST_ID:
        raise NoSuchAnnouncement
    found = await _find(connection, "a.id = $1", announcement_id)
    if not found:
        raise NoSuchAnnouncement
    return found[0]


async def announcements(
    connection: Connection,
    *,
    contest_id: int | None = None,
    finished: bool | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Announcement]:
    """Announcements that were not called off, the newest first; finished or not, or both (None).

    `before` is the last one's id of those that were read already.
    """
    return await _find(
        connection,
        f"""{_NOT_CALLED_OFF} and ($1::bigint is null or a.contest_id = $1)
            and ($2::boolean is null or $2 = {_FINISHED}) and a.id < $3""",
        contest_id,
        finished,
        _LAST_ID if before is None else before,
        limit=limit,
    )


async def of_contest(connection: Connection, contest_id: int) -> Announcement | None:
    """A contest's announcement, planned, under way or finished; None while there is none."""
    found = await announcements(connection, contest_id=contest_id, limit=1)
    return found[0] if found else None


async def unfinished(connection: Connection) -> list[Announcement]:
    """Every announcement that is planned or under way, in the order in which they begin."""
    found = await _find(connection, f"{_NOT_CALLED_OFF} and not {_FINISHED}")
    return sorted(found, key=lambda one: (one.begins_at, one.id))


async def on_now(connection: Connection, now: datetime) -> Announcement | None:
    """The announcement that is on, else the next one that begins within 24 hours.

    Should a stepped one take so long that the next was to begin, that one waits for its end.
    """
    waiting = [one for one in await unfinished(connection) if not one.position(now).over]
    on = next((one for one in waiting if one.begins_at <= now), None)
    return on or next((one for one in waiting if one.begins_at <= now + _SOON), None)


async def newest_correction(
    connection: Connection, since: datetime
) -> tuple[Announcement, AnnouncementEvent] | None:
    """What was corrected last, if that was at `since` or later."""
    row = await connection.fetchrow(
        """select announcement_id, id from announcement_event
           where kind = 'corrected' and recorded_at >= $1 order by id desc limit 1""",
        since,
    )
    if row is None:
        return None
    found = await announcement(connection, row["announcement_id"])
    return found, next(event for event in found.events if event.id == row["id"])


async def awards_of_announcement(
    connection: Connection, announcement: Announcement
) -> dict[int, AwardView]:
    """The awards that it tells of, and those that were passed on from them since, as far as they are
    won, by id."""
    found = await awards(connection, contest_id=announcement.contest_id, state=STILL_WON)
    return {one.id: one for one in found if announcement.tells_of(one.id, one.passed_from)}


async def _find(
    connection: Connection, which: str, *values: object, limit: int | None = None
) -> list[Announcement]:
    found = await _read(connection, which, *values, limit=limit)
    if all(one.called_off or one.finished_at for one in found):
        return found
    # What the others wait for may be over, and was called off at the latest when it was on.
    neighbours = await _read(
        connection,
        f"""a.starts_at >= (select min(a.starts_at) from announcement a
                            where {_NOT_CALLED_OFF} and not {_FINISHED}) - $1::interval""",
        _LONGEST,
    )
    turns = {one.id: one for one in in_turn(neighbours)}
    return [turns.get(one.id, one) for one in found]


async def _read(
    connection: Connection, which: str, *values: object, limit: int | None = None
) -> list[Announcement]:
    rows = await connection.fetch(
        f"""select a.id, a.contest_id, c.slug, a.person_id, a.line, a.manner, a.starts_at, a.plan,
                   a.recorded_at
            from announcement a join contest c on c.id = a.contest_id
            where {which} order by a.id desc limit ${len(values) + 1}""",
        *values,
        limit,
    )
    told = await _events(connection, [row["id"] for row in rows])
    return [_announcement(row, told[row["id"]]) for row in rows]


def _announcement(row: Any, events: Sequence[AnnouncementEvent]) -> Announcement:
    return Announcement(
        id=row["id"],
        contest_id=row["contest_id"],
        slug=row["slug"],
        person_id=row["person_id"],
        line=row["line"],
        manner=row["manner"],
        starts_at=row["starts_at"],
        plan=msgspec.json.decode(row["plan"], type=Plan),
        recorded_at=row["recorded_at"],
        events=tuple(events),
    )


async def _events(
    connection: Connection, announcement_ids: Sequence[int]
) -> dict[int, list[AnnouncementEvent]]:
    rows: Sequence[Any] = ()
    if announcement_ids:
        rows = await connection.fetch(
            """select announcement_id, id, kind, step, person_id, words, recorded_at
               from announcement_event where announcement_id = any($1::bigint[]) order by id""",
            announcement_ids,
        )
    events: dict[int, list[AnnouncementEvent]] = defaultdict(list)
    for row in rows:
        events[row["announcement_id"]].append(
            AnnouncementEvent(
                row["id"], row["kind"], row["step"], row["person_id"], row["words"],
                row["recorded_at"],
            )
        )  # fmt: skip
    return events
