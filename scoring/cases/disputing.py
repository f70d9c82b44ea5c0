"""“This is wrong”: somebody opens a case about a line of their own points.

Laws: it changes no point and holds nothing until it is answered; nobody disputes another's line; the
same line, disputed again while it waits, is the same case.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from scoring.audit import record_audit
from scoring.cases.deciding import keep_words
from scoring.cases.line import Named, own_line
from scoring.cases.opening import file_case
from scoring.cases.refusals import NotYourLine, TooManyOpen, WordsMissing
from scoring.connection import Connection

MOST_OPEN: Final = 20  # disputes of one person that wait: more, and nobody could answer them
MOST_ASKED: Final = 5_000  # letters

_KIND: Final = "dispute"


async def dispute(
    connection: Connection,
    *,
    person_id: int,
    named: Named,
    words: str,
    now: datetime,
    zone: ZoneInfo,
) -> int:
    """Open a case about a line of one's own; returns its id. Raises CaseRefused.

    `words` say why it is wrong; they are kept apart, where they can be erased.
    """
    said = words.strip()
    if not said:
        raise WordsMissing("Say in a sentence what is wrong.", "words")
    if len(said) > MOST_ASKED:
        raise WordsMissing(f"Use at most {MOST_ASKED:,} characters.", "words")
    async with connection.transaction():
        # One at a time of a person: the same line sent twice is one case, and nobody has too many.
        await connection.execute(
            "select pg_advisory_xact_lock(hashtext('fanfare.dispute'), $1)", person_id % 2**31
        )
        key = named.key(person_id)
        waiting = await connection.fetch(
            """select f.id, f.evidence->>'key' as key from case_file f
               where f.kind = $1 and f.person_id = $2
                 and not exists (select from case_decision d where d.case_id = f.id)""",
            _KIND,
            person_id,
        )
        for row in waiting:
            if row["key"] == key:
                return int(row["id"])
        if len(waiting) >= MOST_OPEN:
            raise TooManyOpen(MOST_OPEN)
        line = await own_line(connection, person_id, named, zone)
        if line is None:
            raise NotYourLine
        evidence = {
            "key": key,
            "at": named.at.astimezone(UTC).isoformat(),
            "engagement_id": None if named.engagement_id is None else str(named.engagement_id),
            "rule": named.rule,
            "window": line.window,
            "outcome": line.outcome.value,
            "points": line.points,
        }
        case_id = await file_case(connection, _KIND, person_id, "a line disputed", evidence, now)
        await keep_words(connection, case_id, "asked", said, now)
        await record_audit(connection, person_id, "case_opened", f"case:{case_id}", {}, now)
    return case_id
