"""Answering a case: nobody whose contest waits for it, and whom it is about is told, kindly and once.

Law: who proposed, or takes part in, a contest that a case keeps from being decided does not answer it:
their own place, or the awards they propose, would hang on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from rewards.connection import Connection
from rewards.contests.deciding import REVIEW
from rewards.contests.entrants import state_of
from rewards.contests.record import read_several
from rewards.notices import notify_many
from rewards.refusal import Refused
from scoring import (
    CaseRefused,
    Ways,
    case_view,
    decide_case,
    everyone_of,
    grant_case,
    whose_is_held,
)

Answer = Literal["upheld", "released", "granted"]

_TOLD: Final[dict[tuple[Ways, str], tuple[str, str]]] = {
    (Ways.ASKED, "granted"): (
        "Somebody answered what you said about your points.", "It was put right.",
    ),
    (Ways.ASKED, "upheld"): (
        "Somebody answered what you said about your points.", "It stays as it is; they say why.",
    ),
    (Ways.HELD, "released"): (
        "Somebody looked at what was held of your points.", "It counts, at its original time.",
    ),
    (Ways.HELD, "upheld"): (
        "Somebody looked at what was held of your points.",
        "It gives no points; they say why, and you can say what is wrong.",
    ),
}  # fmt: skip


async def contests_in_the_way(
    connection: Connection, case_ids: Sequence[int], person_id: int
) -> dict[int, str]:
    """Of these cases, those that keep a contest undecided which this person proposed or is in.

    By case, the contest's name.
    """
    rows = await connection.fetch(
        """select contest_id, waits_for from contest_look
           where what = $1 and waits_for && $2::bigint[] order by contest_id""",
        REVIEW,
        list(case_ids),
    )
    waiting = {row["contest_id"]: set(row["waits_for"]) for row in rows}
    mine = await everyone_of(connection, person_id)
    found: dict[int, str] = {}
    for contest in await read_several(connection, list(waiting)):
        if contest.happened("decided") or contest.happened("cancelled"):
            continue
        makes = not mine.isdisjoint({contest.author_id, contest.charter.proposer_id})
        if makes or await _is_in(connection, contest.id, mine):
            for case_id in waiting[contest.id].intersection(case_ids):
                found[case_id] = contest.charter.name
    return found


async def _is_in(connection: Connection, contest_id: int, records: Iterable[int]) -> bool:
    states = [await state_of(connection, contest_id, one) for one in sorted(records)]
    return "entered" in states


async def answer_case(
    connection: Connection,
    case_id: int,
    *,
    by: int,
    answer: Answer,
    points: int = 0,
    reason: str,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Answer a case and tell whom it is about. Raises Refused; the same answer again changes nothing."""
    async with connection.transaction():
        barred = await contests_in_the_way(connection, [case_id], by)
        if case_id in barred:
            raise Refused(
                f"“{barred[case_id]}” waits for this case, and you proposed it or are in it. "
                "Somebody else answers this."
            )
        try:
            if answer == "granted":
                first = await grant_case(
                    connection, case_id, by=by, points=points, reason=reason, now=now, zone=zone
                )
            else:
                first = await decide_case(
                    connection, case_id, by=by, outcome=answer, reason=reason, now=now
                )
        except CaseRefused as refused:
            raise Refused(str(refused), field=refused.field) from refused
        if first:
            await _tell(connection, case_id, answer, now, zone)


async def _tell(
    connection: Connection, case_id: int, answer: Answer, now: datetime, zone: ZoneInfo
) -> None:
    view = await case_view(connection, case_id, zone)
    if view.file.person_id is not None:
        people = frozenset({view.file.person_id})  # a colleague who answered is no part of it
    else:
        people = await whose_is_held(connection, case_id)
    about, outcome = _TOLD[view.kind.ways, answer]
    await notify_many(
        connection,
        sorted(people),
        "case_answered",
        {"about": about, "outcome": outcome},
        key=f"case_answered:{case_id}",
        now=now,
    )
