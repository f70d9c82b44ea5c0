"""Running a draft over a stretch, by the one fold, beside what the ledger says of the same stretch.

Laws: nothing is written, all pages see one moment, and memory holds a page of people and two numbers
for each person; the rulebook that was in force gives exactly what stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from re import fullmatch
from zoneinfo import ZoneInfo

from scoring.books import Books
from scoring.connection import Connection
from scoring.rulebooks import load_books
from scoring.rules import read_rulebook
from scoring.what_if.draft import Draft, unchanged
from scoring.what_if.foreseen import Foreseen, RuleCarries, foresee
from scoring.what_if.keys import Keys, Line
from scoring.what_if.page import keys_of
from scoring.what_if.people import WHOLE, Part, active_people
from scoring.what_if.rows import number_of

PAGE = 250  # people: what is asked is asked for all of them, and their month fits into memory

Progress = Callable[[int, int], Awaitable[None]]  # people done, people in all


def _nothing() -> dict[str, list[int]]:
    return defaultdict(_no_points)


def _no_points() -> list[int]:
    return [0, 0]


@dataclass(slots=True)
class Counted:
    """Everybody's points as they stand and under the draft, and what each rule carries."""

    now: dict[int, int] = field(default_factory=dict)
    then: dict[int, int] = field(default_factory=dict)
    rules_now: dict[str, list[int]] = field(default_factory=_nothing)
    rules_then: dict[str, list[int]] = field(default_factory=_nothing)
    # Whether anything changes of whom it was asked for, be it that all comes to the same in the end.
    own_changes: bool = False
    labels: dict[str, str] = field(default_factory=dict)  # of the rules that stand

    def would(self, person: int, rule: str, points: int) -> None:
        """A person would have so many points by a rule."""
        if points:
            self.then[person] = self.then.get(person, 0) + points
            _carry(self.rules_then[rule], points)

    def add(self, other: Counted) -> None:
        """Other people's points, counted in the same moment."""
        self.now |= other.now
        self.then |= other.then
        self.own_changes |= other.own_changes
        for mine, theirs in (
            (self.rules_now, other.rules_now),
            (self.rules_then, other.rules_then),
        ):
            for rule, (points, people) in theirs.items():
                mine[rule] = [mine[rule][0] + points, mine[rule][1] + people]

    def foreseen(self, books: Books) -> Foreseen:
        """The numbers about everybody."""
        labels = self.labels | _labels(books)
        names = self.rules_now.keys() | self.rules_then.keys() | books.versions[-1].rules.keys()
        return foresee(
            self.now,
            self.then,
            (
                RuleCarries(
                    name,
                    labels.get(name, name.replace("_", " ").capitalize()),
                    self.rules_now[name][0],
                    self.rules_then[name][0],
                    self.rules_now[name][1],
                    self.rules_then[name][1],
                )
                for name in names
            ),
        )


def _labels(books: Books) -> dict[str, str]:
    """What rules are called on pages, by the newest version that has them."""
    return {name: rule.label for book in books.versions for name, rule in book.rules.items()}


def as_if_always(toml: str, zone: ZoneInfo) -> Books:
    """The draft as if there had never been other rules; raises `RulebookInvalid`."""
    return Books([read_rulebook(toml)], zone)


def as_if_corrected(books: Books, toml: str, valid_from: datetime, now: datetime) -> Books:
    """Every version there is and the draft as one more, valid from a moment; raises `RulebookInvalid`."""
    last = max((book.id for book in books.versions), default=0)
    draft = replace(read_rulebook(toml), id=last + 1, valid_from=valid_from, recorded_at=now)
    return Books([*books.versions, draft], books.zone)


async def what_if(
    connection: Connection,
    books: Books,
    start_at: datetime,
    end_at: datetime,
    *,
    progress: Progress | None = None,
    everything: bool = False,
    own: int | None = None,
    part: Part = WHOLE,
    begun: Callable[[str], Awaitable[None]] | None = None,
) -> Counted:
    """Points earned at moments in [start_at, end_at) under these books, beside what stands.

    In a transaction of its own that sees one moment and can write nothing. Rules that are the same in
    every version and in the draft are not counted again, unless `everything` is. `own`: of whom it is
    asked whether anything of theirs changes. `part`: only a part of all people; `begun` is told the name
    of the moment, for the other parts.
    """
    if start_at.tzinfo is None or end_at.tzinfo is None or end_at <= start_at:
        raise ValueError("a stretch begins before it ends, at moments with a time zone")
    counted = Counted()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if part.snapshot is not None:
            # No parameters there, and it must come first; the name is PostgreSQL's own.
            assert fullmatch(r"[0-9A-F-]+", part.snapshot)
            await connection.execute(f"set transaction snapshot '{part.snapshot}'")
        if begun is not None:
            await begun(await connection.fetchval("select pg_export_snapshot()"))
        first_at = await connection.fetchval("select min(effective_at) from enrolment")
        stands = await load_books(connection, books.zone)
        counted.labels = _labels(stands)
        kept = frozenset[str]() if everything else unchanged(stands, books, first_at)
        draft = Draft(books, set(books.rule_names) - kept, start_at, end_at)
        everybody = await connection.fetchval(
            "select count(*) from person where id % $1 = $2", part.of, part.number
        )
        done = 0
        async for looked_at, active in active_people(connection, start_at, end_at, part):
            for begin in range(0, len(active), PAGE):
                page = active[begin : begin + PAGE]
                await _stands(connection, counted, page, start_at, end_at, kept)
                await _would(connection, counted, page, draft, own)
                if progress is not None:
                    share = (begin + len(page)) / len(active)
                    await progress(done + int(looked_at * share), everybody)
            done += looked_at
        if progress is not None:
            await progress(everybody, everybody)
    return counted


async def _would(
    connection: Connection, counted: Counted, page: Sequence[int], draft: Draft, own: int | None
) -> None:
    """Add what these people would have by the rules that change."""
    keys = await keys_of(connection, page, draft) if draft.names else Keys()
    start, end = number_of(draft.start_at), number_of(draft.end_at)
    for (person, rule), points in keys.worth(start, end).items():
        counted.would(person, rule, points)
    if own in page and own is not None:
        counted.own_changes = await _lines(connection, own, draft) != keys.lines(own, start, end)


async def _lines(connection: Connection, person: int, draft: Draft) -> dict[Line, int]:
    """What stands of one person, by rule, window and moment, for the rules that change."""
    rows = await connection.fetch(
        """select rule, rule_window, occurred_at, sum(points)::bigint as points from entry
           where person_id = $1 and occurred_at >= $2 and occurred_at < $3
             and reason in ('counted', 'reversed') and rule = any($4::text[])
           group by 1, 2, 3 having sum(points) <> 0""",
        person,
        draft.start_at,
        draft.end_at,
        list(draft.names),
    )
    return {(rule, window, number_of(at)): points for rule, window, at, points in rows}


async def _stands(
    connection: Connection,
    counted: Counted,
    persons: Sequence[int],
    start_at: datetime,
    end_at: datetime,
    kept: frozenset[str],
) -> None:
    """Add what the ledger says of these people, for rules that are kept twice; what a decided case gave
    is no rule's."""
    rows = await connection.fetch(
        """select person_id, rule, sum(points)::bigint as points from entry
           where person_id = any($1::bigint[]) and occurred_at >= $2 and occurred_at < $3
             and reason in ('counted', 'reversed')
           group by 1, 2 having sum(points) <> 0""",
        list(persons),
        start_at,
        end_at,
    )
    for person, rule, points in rows:
        counted.now[person] = counted.now.get(person, 0) + points
        _carry(counted.rules_now[rule], points)
        if rule in kept:
            counted.would(person, rule, points)


def _carry(carried: list[int], points: int) -> None:
    carried[0] += points
    carried[1] += 1
