"""The evidence behind an award: the file that was written when it was decided, or made for the next in
line from the same facts.

Law: whoever approves sees every fact that was counted, as it was recorded by the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from rewards.awards.award import AwardView
from rewards.connection import Connection
from rewards.contests.counting import count, modes
from rewards.contests.evidence import digest, evidence_body
from rewards.contests.record import read
from scoring import Cutoff


@dataclass(frozen=True, slots=True)
class Proof:
    """Canonical JSON under a hash; `kept` where it was written when the contest was decided."""

    body: str
    sha256: str
    kept: bool
    decision_sha256: str
    decided_at: datetime


async def proof_of(connection: Connection, view: AwardView) -> Proof | None:
    """What was counted for the winner of an award; None where nothing was decided."""
    decision = await connection.fetchrow(
        "select body, sha256, recorded_at from decision where contest_id = $1", view.contest_id
    )
    if decision is None:
        return None
    kept = await connection.fetchrow(
        "select body, sha256 from evidence where contest_id = $1 and person_id = $2",
        view.contest_id,
        view.person_id,
    )
    body = kept["body"] if kept else await _made(connection, view, decision["body"])
    return Proof(
        body,
        kept["sha256"] if kept else digest(body),
        kept is not None,
        decision["sha256"],
        decision["recorded_at"],
    )


async def _made(connection: Connection, view: AwardView, decision: str) -> str:
    """For somebody a declined award went on to; the decision's own moments bound what counts."""
    made = msgspec.json.decode(decision)
    facts_by, holds_by = (datetime.fromisoformat(made[name]) for name in ("facts_by", "holds_by"))
    contest = await read(connection, view.contest_id)
    counted = await count(
        connection,
        contest.charter,
        [view.person_id],
        cutoff=Cutoff(facts_by=facts_by, holds_by=holds_by),
        with_facts=True,
        only=modes(contest.charter),
    )
    return evidence_body(
        contest.charter,
        contest.sha256 or "",
        view.person_id,
        {mode: values[view.person_id] for mode, values in counted.items()},
        facts_by=facts_by,
        holds_by=holds_by,
    )
