"""Deciding a case: once, by somebody it does not touch, with words the person reads.

Laws: of two who decide at once one does, and the other is told; the same answer sent twice is one
answer; what is released is noted for the fold, which counts it at its original time.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.audit import record_audit
from scoring.cases.concern import concerned
from scoring.cases.file import File, case_file, held_by_no_other, holds_of, in_turn
from scoring.cases.grant import granted
from scoring.cases.kind import Ways
from scoring.cases.kinds import kind_of
from scoring.cases.line import stands_at
from scoring.cases.refusals import (
    AboutYourself,
    AlreadyDecided,
    NotAnAnswer,
    PointsImpossible,
    WordsMissing,
)
from scoring.changes import note
from scoring.connection import Connection
from scoring.ledger import append
from scoring.rulebooks import keep_versions, load_books
from scoring.rules import MAX_POINTS
from scoring.seasons import keep_seasons

MOST_ANSWERED: Final = 2_000  # letters: an answer is a few sentences


async def decide_case(
    connection: Connection,
    case_id: int,
    *,
    by: int,
    outcome: Literal["upheld", "released"],
    reason: str,
    now: datetime,
    by_administrator: bool = False,
) -> bool:
    """Uphold a case, or release what it holds; `reason` is read by whom it is about.

    `by_administrator`: whoever asks has made sure that an administrator decides, as kinds that are
    asked of one need. Returns False where the same person gave the same answer before. Raises CaseRefused.
    """
    async with connection.transaction():
        file = await _to_decide(connection, case_id)
        ways = kind_of(file.kind).ways
        if ways is Ways.COUNTED_AGAIN or (outcome == "released" and ways is Ways.ASKED):
            raise NotAnAnswer
        if (ways is Ways.ADMINISTRATOR) is not by_administrator:
            raise NotAnAnswer
        if not await _may(connection, file, by, outcome, None):
            return False
        await _record(connection, file, by, outcome, reason, now)
        if outcome == "released":
            await _release(connection, file.id, now)
    return True


async def grant_case(
    connection: Connection,
    case_id: int,
    *,
    by: int,
    points: int,
    reason: str,
    now: datetime,
    zone: ZoneInfo,
) -> bool:
    """Grant a dispute: so many points, signed, at the moment it is about. Raises CaseRefused.

    Points are taken back only as far as the disputed line gave some. Returns False where the same
    person granted the same before.
    """
    async with connection.transaction():
        file = await _to_decide(connection, case_id)
        if kind_of(file.kind).ways is not Ways.ASKED or file.person_id is None:
            raise NotAnAnswer
        if not await _may(connection, file, by, "granted", points):
            return False
        counts_at = datetime.fromisoformat(file.evidence["at"])
        # The lock the scoring takes: nobody counts this person meanwhile.
        await connection.execute(
            "select 1 from person where id = $1 for no key update", file.person_id
        )
        await _possible(connection, file, points)
        await _record(connection, file, by, "granted", reason, now, points, counts_at)
        entry = granted(
            file.id,
            file.person_id,
            points,
            counts_at=counts_at,
            engagement_id=file.engagement_id,
            rulebook_id=await _book_at(connection, counts_at, zone),
        )
        await keep_seasons(connection)  # this process may have counted nothing since one was set
        await append(connection, [entry], now=now, zone=zone)
    return True


async def _to_decide(connection: Connection, case_id: int) -> File:
    await in_turn(connection)
    return await case_file(connection, case_id)


async def _may(
    connection: Connection, file: File, by: int, outcome: str, points: int | None
) -> bool:
    """Whether there is something to record; False for the same answer once more."""
    if by in await concerned(connection, file.id):
        raise AboutYourself
    if file.decision is None:
        return True
    if (file.decision.by, file.decision.outcome, file.decision.points) == (by, outcome, points):
        return False
    raise AlreadyDecided(file.decision.outcome)


async def _possible(connection: Connection, file: File, points: int) -> None:
    if not points:
        raise PointsImpossible("Write how many points; to leave it as it is, choose that instead.")
    if points > MAX_POINTS:
        raise PointsImpossible(f"At most {MAX_POINTS:,} points: no step of any rule gives more.")
    if points < 0:
        stands = max(0, await stands_at(connection, file))
        if -points > stands:
            raise PointsImpossible(
                f"This line gave {stands:,} points: no more can be taken back."
                if stands
                else "This line gave no points, so none can be taken back."
            )


async def _record(
    connection: Connection,
    file: File,
    by: int,
    outcome: str,
    reason: str,
    now: datetime,
    points: int | None = None,
    counts_at: datetime | None = None,
) -> None:
    words = reason.strip()
    if not words:
        raise WordsMissing("Write a sentence for whom it is about.", "reason")
    if len(words) > MOST_ANSWERED:
        raise WordsMissing(f"Use at most {MOST_ANSWERED:,} characters.", "reason")
    await connection.execute(
        """insert into case_decision (case_id, decided_by, outcome, reason, recorded_at, points,
                                      counts_at)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        file.id,
        by,
        outcome,
        # The words can be erased; that these were the words can always be shown.
        "sha256:" + sha256(words.encode()).hexdigest(),
        now,
        points,
        counts_at,
    )
    await keep_words(connection, file.id, "answered", words, now)
    detail: dict[str, object] = {"kind": file.kind, "outcome": outcome}
    if points is not None:
        detail["points"] = points
    await record_audit(connection, by, "case_decided", f"case:{file.id}", detail, now)


async def keep_words(
    connection: Connection, case_id: int, part: str, words: str, now: datetime
) -> None:
    """Keep what somebody wrote to a case, where it can be erased."""
    await connection.execute(
        "insert into case_words (case_id, part, words, recorded_at) values ($1, $2, $3, $4)",
        case_id,
        part,
        words,
        now,
    )


async def _release(connection: Connection, case_id: int, now: datetime) -> None:
    free = await held_by_no_other(connection, case_id)
    await connection.execute(
        """insert into hold (engagement_id, case_id, held, recorded_at)
           select id, $2, false, $3 from unnest($1::uuid[]) as e (id)""",
        free,
        case_id,
        now,
    )
    every: list[UUID] = await holds_of(connection, case_id)
    await note(connection, engagements=every)


async def _book_at(connection: Connection, at: datetime, zone: ZoneInfo) -> int:
    await keep_versions(connection)
    books = await load_books(connection, zone)
    if not books.versions:
        raise PointsImpossible("No rulebook is in force yet, so there are no points to put right.")
    return (books.in_force(at) or books.versions[0]).id
