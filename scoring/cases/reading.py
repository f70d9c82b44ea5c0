"""Reading cases: the queue, one of them whole, a person's own with their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from scoring.cases.concern import ABOUT_ONE, concerned, touching
from scoring.cases.context import Compared, Happened, compared, what_happened
from scoring.cases.file import File, case_file, holds_of
from scoring.cases.kind import CaseKind, Ways
from scoring.cases.kinds import case_kinds, kind_of
from scoring.cases.line import Named, own_line
from scoring.cases.refusals import NoSuchCase
from scoring.connection import Connection
from scoring.explanation import Line

# What HR is not asked about: an administrator sees to it, on a page of its own.
_ELSEWHERE: Final = (Ways.COUNTED_AGAIN, Ways.ADMINISTRATOR)
_NAMES: Final = sorted(name for name, kind in case_kinds().items() if kind.ways in _ELSEWHERE)
_NOT_ASKED: Final = f"({', '.join(map(repr, _NAMES))})"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    id: int
    kind: CaseKind
    person_id: int | None
    opened_at: datetime
    held: int  # engagements
    outcome: str | None  # upheld | released | granted; None while it is open
    points: int | None
    decided_by: int | None
    decided_at: datetime | None
    asked: str | None
    answered: str | None
    touches_viewer: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with all that decides it."""

    file: File
    kind: CaseKind
    held: int
    happened: Sequence[Happened]
    line: Line | None  # of a dispute: the line as it stands now
    seen: Sequence[str]  # the evidence in sentences
    compared: Sequence[Compared]  # the texts it is about, where it compares some
    asked: str | None
    answered: str | None
    concerned: frozenset[int]
    also_held_by: Sequence[int]  # other open cases that hold the same


_LINES: Final = f"""
select f.id, f.kind, f.person_id, f.recorded_at,
  (select count(distinct engagement_id) from hold h where h.case_id = f.id and h.held) as held,
  d.outcome, d.points, d.decided_by, d.recorded_at as decided_at,
  (select words from case_words w where w.case_id = f.id and w.part = 'asked') as asked,
  (select words from case_words w where w.case_id = f.id and w.part = 'answered') as answered
from case_file f left join case_decision d on d.case_id = f.id
where f.kind not in {_NOT_ASKED}
"""


async def case_queue(
    connection: Connection,
    *,
    viewer_id: int,
    open: bool,
    kind: str | None = None,
    past: int = 0,
    limit: int = 50,
) -> list[CaseLine]:
    """Cases for who decides them: open ones oldest first, decided ones newest first.

    `past` is the last case of the page before. What touches the viewer's own points says so.
    """
    # A case decided last is not the one opened last, but pages that are gone through by id stand still.
    order = "f.id" if open else "f.id desc"
    beyond = "f.id > $2" if open else "($2 = 0 or f.id < $2)"
    rows = await connection.fetch(
        f"""{_LINES} and (d.case_id is null) = {open} and ($1::text is null or f.kind = $1)
              and {beyond} order by {order} limit $3""",
        kind,
        past,
        limit,
    )
    own = await touching(connection, [row["id"] for row in rows], viewer_id)
    return [_line(row, row["id"] in own) for row in rows]


async def own_cases(connection: Connection, person_id: int, limit: int = 100) -> list[CaseLine]:
    """The cases that are about a person or hold something of theirs, newest first, with the answers."""
    rows = await connection.fetch(
        f"{_LINES} and {ABOUT_ONE} order by f.id desc limit $2", person_id, limit
    )
    return [_line(row, True) for row in rows]


async def disputed(connection: Connection, person_id: int) -> dict[str, int]:
    """The lines a person disputed and waits for an answer about: `Named.key` → case."""
    rows = await connection.fetch(
        """select f.evidence->>'key' as key, f.id from case_file f
           where f.kind = 'dispute' and f.person_id = $1
             and not exists (select from case_decision d where d.case_id = f.id)""",
        person_id,
    )
    return {row["key"]: row["id"] for row in rows}


async def open_case_counts(connection: Connection) -> dict[str, int]:
    """How many cases of each kind wait for an answer; kinds without one are left out."""
    rows = await connection.fetch(
        f"""select f.kind, count(*) as number from case_file f
            where f.kind not in {_NOT_ASKED}
              and not exists (select from case_decision d where d.case_id = f.id)
            group by 1 order by 1"""
    )
    return {row["kind"]: row["number"] for row in rows}


async def case_view(connection: Connection, case_id: int, zone: ZoneInfo) -> CaseView:
    """One case with its context. Raises NoSuchCase."""
    file = await case_file(connection, case_id)
    kind = kind_of(file.kind)
    if kind.ways in _ELSEWHERE:
        raise NoSuchCase
    held = await holds_of(connection, case_id)
    about = held or ([file.engagement_id] if file.engagement_id else [])
    line = None
    if kind.ways is Ways.ASKED and file.person_id is not None:
        line = await own_line(connection, file.person_id, named_by(file), zone)
    words = await connection.fetch("select part, words from case_words where case_id = $1", case_id)
    said = {row["part"]: row["words"] for row in words}
    others = await connection.fetch(
        """select distinct h.case_id from hold h
           where h.engagement_id = any($1::uuid[]) and h.held and h.case_id <> $2
             and not exists (select from case_decision d where d.case_id = h.case_id)
           order by 1""",
        about,
        case_id,
    )
    return CaseView(
        file=file,
        kind=kind,
        held=len(held),
        happened=await what_happened(connection, about, zone),
        line=line,
        seen=kind.seen(file.evidence),
        compared=await compared(connection, file.compared_posts),
        asked=said.get("asked"),
        answered=said.get("answered"),
        concerned=await concerned(connection, case_id),
        also_held_by=[row["case_id"] for row in others],
    )


def named_by(file: File) -> Named:
    """What names the line that a dispute is about."""
    return Named(
        datetime.fromisoformat(file.evidence["at"]),
        file.engagement_id,
        file.evidence.get("rule"),
        file.evidence.get("window"),
    )


def known_kind(name: str) -> bool:
    """Whether there is such a kind of case that HR is asked about."""
    kind = case_kinds().get(name)
    return kind is not None and kind.ways not in _ELSEWHERE


def _line(row: Iterable[Any], touches: bool) -> CaseLine:
    id, kind, whose, opened_at, held, outcome, points, by, decided_at, asked, answered = row
    return CaseLine(
        id, kind_of(kind), whose, opened_at, held, outcome, points, by, decided_at, asked, answered,
        touches,
    )  # fmt: skip
