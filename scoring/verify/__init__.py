"""`fanfare verify`: points, totals and boards, worked out again by another way.

Law: no code that counts is used here. Points are recomputed in plain SQL straight from the facts,
so that a mistake would have to be made twice, alike, to stay unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from redis.asyncio import Redis

from scoring.connection import Connection
from scoring.metrics import Source, boards_from
from scoring.seasons import keep_seasons
from scoring.verify.answers import compare_answers
from scoring.verify.boards import compare_boards
from scoring.verify.difference import (
    AnswersDiffer,
    BoardDiffers,
    Difference,
    PointsDiffer,
    TotalDiffers,
)
from scoring.verify.pending import on_the_way
from scoring.verify.points import prepare, recount
from scoring.verify.totals import compare_totals

__all__ = [
    "AnswersDiffer",
    "BoardDiffers",
    "Difference",
    "PointsDiffer",
    "TotalDiffers",
    "Verification",
    "verify",
]

BATCH = 2_000  # people at a time: enough for hash joins to pay, few enough for a small disk
MOST_NAMED = 1_000  # differences kept in words; a broken installation has millions

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Verification:
    """What was checked and what differs."""

    versions: int = 0  # of the rulebook
    people: int = 0
    deeds: int = 0  # those of two people are seen with each
    points: int = 0  # what the facts are worth
    totals: int = 0
    boards: int = 0
    waiting_deliveries: int = 0
    waiting_changes: int = 0
    waiting_totals: int = 0  # for their boards to be told
    still_counted: int = 0  # people with differences whose points are being counted just now
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)  # the first `MOST_NAMED`

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return self.differing == 0


async def verify(
    connection: Connection,
    *,
    zone: ZoneInfo,
    redis: Redis | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Count everything again and compare; with a Redis, its boards too.

    `connection` is not in a transaction; facts and ledger are read in one snapshot, so workers may
    go on. People whom an unfinished change may concern are `still_counted`, not wrong.
    `progress(done, all)` is called as people are done.
    """
    done = Verification()
    await keep_seasons(connection)
    snapshot = connection.transaction(isolation="repeatable_read")
    await snapshot.start()
    try:
        await _check(connection, zone, progress, done)
    finally:
        await snapshot.rollback()  # the working tables go with it
    if redis is not None:
        async for board_differs in compare_boards(connection, redis):
            done.boards += 1
            _note(done, board_differs)
    return done


async def _check(
    connection: Connection, zone: ZoneInfo, progress: Progress | None, done: Verification
) -> None:
    waiting = await on_the_way(connection)
    done.waiting_deliveries, done.waiting_changes = waiting.deliveries, waiting.changes
    done.waiting_totals = waiting.outbox
    done.versions = await prepare(connection, zone)
    everybody = await connection.fetchval("select count(*) from person")
    last = 0
    while persons := await _following(connection, last):
        counted, points = await recount(connection, persons)
        answers = await compare_answers(connection)
        totals, wrong = await compare_totals(connection, persons, zone)
        last = persons[-1]
        done.people += len(persons)
        done.deeds += counted.deeds
        done.points += counted.points
        done.totals += totals
        # Sums of entries agree at any moment; follower counts wait for their fold as deeds do.
        followed = [found for found in wrong if found.metric in boards_from(Source.FOLLOWERS)]
        differing = {found.person_id for found in points} | {found.person_id for found in answers}
        moving = (differing | {found.person_id for found in followed}) & waiting.people
        done.still_counted += len(moving)
        _note(done, [found for found in points if found.person_id not in moving])
        _note(done, [found for found in answers if found.person_id not in moving])
        _note(done, [f for f in wrong if f not in followed or f.person_id not in moving])
        if progress is not None:
            progress(done.people, max(everybody, done.people))


def _note(
    done: Verification,
    found: list[PointsDiffer] | list[AnswersDiffer] | list[TotalDiffers] | list[BoardDiffers],
) -> None:
    done.differing += len(found)
    done.differences += found[: MOST_NAMED - len(done.differences)]


async def _following(connection: Connection, last: int) -> list[int]:
    rows = await connection.fetch(
        "select id from person where id > $1 order by id limit $2", last, BATCH
    )
    return [row["id"] for row in rows]
