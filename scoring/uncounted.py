"""Changes that no worker can count: each waits in a case, with what is known of the fault.

Law: a change that fails costs no window but those it touches, and is never thrown away: it can be
counted again, by hand, as soon as what failed is mended.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from scoring.changes import Note
from scoring.connection import Connection

_KIND = "scoring_failed"

_OPEN = """
  from case_file f
  where f.kind = 'scoring_failed' and not exists (select from case_decision d where d.case_id = f.id)
"""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A change that waits for a person; `reason` is the fault as the program said it."""

    case_id: int
    subject: str
    reason: str
    failed_at: datetime


async def set_aside(connection: Connection, note: Note, fault: Exception, now: datetime) -> int:
    """Open a case for a claimed change, in the transaction that claimed it; returns its id."""
    evidence = {
        "subject": note.subject,
        "subject_id": None if note.subject_id is None else str(note.subject_id),
        "person_id": note.person_id,
        "since_at": None if note.since_at is None else note.since_at.isoformat(),
    }
    # The kind of fault and nothing it quotes: a case may outlive the texts and names in it.
    return int(
        await connection.fetchval(
            """insert into case_file (kind, person_id, reason, evidence, recorded_at)
               values ($1, $2, $3, $4, $5) returning id""",
            _KIND,
            note.person_id,
            type(fault).__name__,
            json.dumps(evidence),
            now,
        )
    )


async def uncounted_count(connection: Connection) -> int:
    """How many changes wait because counting them failed."""
    return int(await connection.fetchval("select count(*)" + _OPEN))


async def uncounted_list(connection: Connection, limit: int = 20) -> list[Uncounted]:
    """The changes that could not be counted, newest first."""
    rows = await connection.fetch(
        "select f.id, f.evidence->>'subject', f.reason, f.recorded_at"
        + _OPEN
        + " order by f.id desc limit $1",
        limit,
    )
    return [Uncounted(*row.values()) for row in rows]


async def count_again(connection: Connection, decided_by: int, now: datetime) -> int:
    """Put every change that could not be counted back into the queue; returns how many.

    Their cases are closed as released; one that fails again opens a new one.
    """
    return int(
        await connection.fetchval(
            """with released as (
                 insert into case_decision (case_id, decided_by, outcome, reason, recorded_at)
                 select f.id, $1, 'released', 'counted again', $2"""
            + _OPEN
            + """ on conflict do nothing returning case_id),
               queued as (
                 insert into change (subject, subject_id, person_id, since_at)
                 select f.evidence->>'subject', (f.evidence->>'subject_id')::uuid,
                        (f.evidence->>'person_id')::bigint, (f.evidence->>'since_at')::timestamptz
                 from case_file f join released r on r.case_id = f.id order by f.id
                 returning 1)
               select count(*) from queued""",
            decided_by,
            now,
        )
    )
