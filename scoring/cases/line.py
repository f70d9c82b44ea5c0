"""One line of somebody's explained points: found again by what names it, and what it gave so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.cases.file import File
from scoring.connection import Connection
from scoring.explanation import Line, explain

_JUST_AFTER = timedelta(microseconds=1)  # PostgreSQL's resolution


@dataclass(frozen=True, slots=True)
class Named:
    """What names a line: a moment, and an engagement under a rule, or a rule's window."""

    at: datetime
    engagement_id: UUID | None
    rule: str | None
    window: str | None

    def key(self, person_id: int) -> str:
        """The same line has the same key, counted or not."""
        if self.engagement_id is not None:
            return f"{person_id}:{self.engagement_id}:{self.rule or ''}"
        at = self.at.astimezone(UTC).isoformat()
        return f"{person_id}:{self.rule or ''}:{self.window or ''}:{at}"


async def own_line(
    connection: Connection, person_id: int, named: Named, zone: ZoneInfo
) -> Line | None:
    """The line as the person's own explanation has it; None for what is not theirs."""
    try:
        end_at = named.at + _JUST_AFTER
    except OverflowError:
        return None
    days = await explain(connection, person_id, start_at=named.at, end_at=end_at, zone=zone)
    for day in days:
        for line in (*(line for rule in day.rules for line in rule.lines), *day.uncounted):
            if line.case_id is not None or line.engagement_id != named.engagement_id:
                continue
            if named.engagement_id is None and line.window != named.window:
                continue
            if line.rule == named.rule:
                return line
    return None


async def stands_at(connection: Connection, file: File) -> int:
    """What the line of a dispute gives now, with what was granted for it before."""
    evidence = file.evidence
    value = await connection.fetchval(
        """select coalesce((select sum(points) from entry
                     where person_id = $1 and occurred_at = $2 and rule = $3
                       and engagement_id is not distinct from $4
                       and ($4::uuid is not null or rule_window = $5)), 0)
                + coalesce((select sum(d.points) from case_file f
                     join case_decision d on d.case_id = f.id
                     where f.kind = 'dispute' and f.evidence->>'key' = $6), 0)""",
        file.person_id,
        datetime.fromisoformat(evidence["at"]),
        evidence.get("rule"),
        file.engagement_id,
        evidence.get("window"),
        evidence["key"],
    )
    return int(value)
