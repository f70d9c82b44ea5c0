"""`fanfare verify`: points, totals and boards, worked out again by another way.

Laws: no code that counts is used here. Points are recomputed in plain SQL straight from the facts,
so that a mistake would have to be made twice, alike, to stay unseen. People are looked at in slices,
each in a snapshot of its own: all that is compared of a person is compared as of one moment, and no
moment is held while the rest is looked at, for that would keep PostgreSQL from tidying its queues.
"""

from __future__ import annotations

from collections.abc import Callable
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
from scoring.verify.pending import concerned, on_the_way
from scoring.verify.points import prepare, recount
from scoring.verify.record import LastVerified, last_verified, record_verification
from scoring.verify.sums import compare_totals
from scoring.verify.verification import Verification
from scoring.verify.whom import EVERYBODY, Whom, how_many, slices
from scoring.zones import company_zone

__all__ = [
    "AnswersDiffer",
    "BoardDiffers",
    "Difference",
    "LastVerified",
    "PointsDiffer",
    "TotalDiffers",
    "Verification",
    "Whom",
    "last_verified",
    "record_verification",
    "verify",
]

Progress = Callable[[str, int, int], None]


async def verify(
    connection: Connection,
    *,
    zone: ZoneInfo,
    redis: Redis | None = None,
    whom: Whom = EVERYBODY,
    progress: Progress = lambda words, done, whole: None,
    into: Verification | None = None,
) -> Verification:
    """Count everything again and compare; with a Redis, its boards too.

    `connection` is not in a transaction; workers may go on. People whom an unfinished change may
    concern are `still_counted`, not wrong. `progress(what, done, all)` is called after every slice,
    and `into`, the answer, is kept up to date meanwhile: whoever breaks it off can go on from
    `into.next_person`.
    """
    done = Verification() if into is None else into
    done.whom = whom
    await keep_seasons(connection)
    zone = company_zone(zone)
    waiting = await on_the_way(connection)
    done.waiting_deliveries, done.waiting_changes = waiting.deliveries, waiting.changes
    done.waiting_totals = waiting.outbox
    done.everybody = await how_many(connection, whom)
    done.next_person = whom.since
    async for persons in slices(connection, whom):
        snapshot = connection.transaction(isolation="repeatable_read")
        await snapshot.start()
        try:
            await _check(connection, persons, zone, done)
        finally:
            await snapshot.rollback()  # the working tables go with it
        done.people += len(persons)
        done.next_person = persons[-1] + 1
        progress("People counted again", done.people, max(done.everybody, done.people))
    if redis is not None:
        async for compared in compare_boards(connection, redis, whom):
            done.boards, done.broken_boards = compared.boards, compared.broken
            done.note(list(compared.differs))
            progress("Boards compared", compared.boards, compared.whole)
    done.complete = True
    return done


async def _check(
    connection: Connection, persons: list[int], zone: ZoneInfo, done: Verification
) -> None:
    done.versions = await prepare(connection, zone)
    counted, points = await recount(connection, persons)
    answers = await compare_answers(connection)
    totals, wrong = await compare_totals(connection, persons, zone)
    done.deeds += counted.deeds
    done.points += counted.points
    done.totals += totals
    # Sums of entries agree at any moment; follower counts wait for their fold as deeds do.
    at_once = [found for found in wrong if found.metric not in boards_from(Source.FOLLOWERS)]
    folded: list[PointsDiffer | AnswersDiffer | TotalDiffers] = [
        *points,
        *answers,
        *(found for found in wrong if found.metric in boards_from(Source.FOLLOWERS)),
    ]
    moving: frozenset[int] = frozenset()
    if folded:
        moving = await concerned(connection, {found.person_id for found in folded})
    done.still_counted += len(moving)
    done.note([found for found in folded if found.person_id not in moving])
    done.note(list(at_once))
