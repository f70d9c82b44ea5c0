"""Opening a case about something that was found.

Laws: what a case holds stops counting with the next fold and counts again when it is released; the
same finding, told again, is the first case, and one that was decided is never opened anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from scoring.cases.file import case_file, holds_of, in_turn
from scoring.cases.kinds import case_kinds
from scoring.cases.refusals import UnknownKind
from scoring.changes import note
from scoring.connection import Connection


async def open_case(
    connection: Connection,
    *,
    kind: str,
    person_id: int | None,
    reason: str,
    evidence: Mapping[str, object],
    hold: Sequence[UUID] = (),
    now: datetime,
) -> int:
    """Open a case and hold these engagements; returns its id.

    `evidence["key"]` names the finding: told again under the same key it is the first case, which,
    while it is open, holds what was found since as well. `person_id` is whom it is about, None where
    it is about several; ids in `evidence["person_ids"]` concern it, too. `reason` and evidence stay for
    ever: ids, counts and hashes, never a name or a text. Raises UnknownKind.
    """
    if kind not in case_kinds():
        raise UnknownKind(kind)
    key = evidence["key"]
    async with connection.transaction():
        await in_turn(connection)
        known = await connection.fetchval(
            """select id from case_file where kind = $1 and evidence->>'key' = $2
               order by id limit 1""",
            kind,
            str(key),
        )
        if known is None:
            known = await file_case(connection, kind, person_id, reason, evidence, now)
        elif (await case_file(connection, known)).decision is not None:
            return int(known)
        held = set(await holds_of(connection, known))
        await _hold(connection, known, [id for id in dict.fromkeys(hold) if id not in held], now)
    return int(known)


async def file_case(
    connection: Connection,
    kind: str,
    person_id: int | None,
    reason: str,
    evidence: Mapping[str, object],
    now: datetime,
) -> int:
    """Write the case itself, inside the caller's transaction."""
    return int(
        await connection.fetchval(
            """insert into case_file (kind, person_id, reason, evidence, recorded_at)
               values ($1, $2, $3, $4, $5) returning id""",
            kind,
            person_id,
            reason,
            json.dumps(dict(evidence)),
            now,
        )
    )


async def _hold(
    connection: Connection, case_id: int, engagements: Sequence[UUID], now: datetime
) -> None:
    if not engagements:
        return
    await connection.execute(
        """insert into hold (engagement_id, case_id, held, recorded_at)
           select id, $2, true, $3 from unnest($1::uuid[]) as e (id)""",
        list(engagements),
        case_id,
        now,
    )
    await note(connection, engagements=engagements)
