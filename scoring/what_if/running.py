"""Running a draft over a stretch, by the one fold, beside what the ledger says of the same stretch.

Laws: nothing is written, all pages see one moment, and memory holds a page of people and two numbers
for each person; the rulebook that was in force gives exactly what stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from scoring.books import Books, Ruling
from scoring.claims import claims_of
from scoring.connection import Connection
from scoring.fold import DirtyWindow, fold
from scoring.rules import read_rulebook
from scoring.sight import EVERYTHING
from scoring.surround import load_published
from scoring.tallies.windows import posts_at
from scoring.what_if.foreseen import Foreseen, RuleCarries, foresee
from scoring.what_if.people import active_people

PAGE = 50  # people: their facts keep a worker from its other loops for a tenth of a second

Progress = Callable[[int, int], Awaitable[None]]  # people done, people in all


@dataclass(slots=True)
class Counted:
    """Everybody's points as they stand and under the draft, and what each rule carries."""

    now: dict[int, int] = field(default_factory=dict)
    then: dict[int, int] = field(default_factory=dict)
    rules_now: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    rules_then: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def foreseen(self, books: Books) -> Foreseen:
        """The numbers about everybody."""
        labels = {name: rule.label for book in books.versions for name, rule in book.rules.items()}
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
) -> Counted:
    """Points earned at moments in [start_at, end_at) under these books, beside what stands.

    In a transaction of its own that sees one moment and can write nothing.
    """
    if start_at.tzinfo is None or end_at.tzinfo is None or end_at <= start_at:
        raise ValueError("a stretch begins before it ends, at moments with a time zone")
    counted = Counted()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        in_time = {name: books.windows_within(name, start_at, end_at) for name in books.rule_names}
        everybody = await connection.fetchval("select count(*) from person")
        done = 0
        async for looked_at, active in active_people(connection, start_at, end_at):
            for begin in range(0, len(active), PAGE):
                page = active[begin : begin + PAGE]
                await _stands(connection, counted, page, start_at, end_at)
                await _would(connection, counted, page, books, in_time, start_at, end_at)
                if progress is not None:
                    share = (begin + len(page)) / len(active)
                    await progress(done + int(looked_at * share), everybody)
            done += looked_at
        if progress is not None:
            await progress(everybody, everybody)
    return counted


async def _stands(
    connection: Connection,
    counted: Counted,
    persons: Sequence[int],
    start_at: datetime,
    end_at: datetime,
) -> None:
    """Add what the ledger says of these people; what a decided case gave is no rule's."""
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


async def _would(
    connection: Connection,
    counted: Counted,
    persons: Sequence[int],
    books: Books,
    in_time: dict[str, list[Ruling]],
    start_at: datetime,
    end_at: datetime,
) -> None:
    """Add what these people would have under the draft."""
    windows = [
        DirtyWindow.ruled(person, ruling)
        for rulings in in_time.values()
        for ruling in rulings
        for person in persons
    ]
    windows += [one async for one in _of_posts(connection, persons, books, start_at, end_at)]
    claims = await claims_of(connection, windows, books, at_once=True)
    earned: dict[tuple[int, str], int] = defaultdict(int)
    for window in windows:
        mine = claims[window.identity]
        if mine:
            earned[window.person_id, window.rule.name] += sum(
                one.points for one in fold(window.rule, mine) if start_at <= one.claim.at < end_at
            )
    for (person, rule), points in earned.items():
        if points:
            counted.then[person] = counted.then.get(person, 0) + points
            _carry(counted.rules_then[rule], points)


async def _of_posts(
    connection: Connection,
    persons: Sequence[int],
    books: Books,
    start_at: datetime,
    end_at: datetime,
) -> AsyncIterator[DirtyWindow]:
    for name in books.rule_names:
        for rule, book in books.rules_per_post(name):
            found = await posts_at(connection, persons, rule, start_at, end_at, EVERYTHING)
            every = {post for posts in found.values() for post in posts if post is not None}
            one_version = len(books.versions) == 1
            published = {} if one_version else await load_published(connection, every)
            for person, posts in found.items():
                for post in posts:
                    published_at = published.get(post) if post is not None else None
                    ruling = books.post_ruling(
                        rule, book, post.hex if post is not None else None, published_at
                    )
                    if ruling is not None:
                        yield DirtyWindow.ruled(person, ruling)


def _carry(carried: list[int], points: int) -> None:
    carried[0] += points
    carried[1] += 1
