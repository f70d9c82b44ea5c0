"""What the rows of a file of figures would do, a few hundred at a time.

Laws: nothing is changed here; what is taken later is what is said here; a row about the post of whoever
imports is theirs to leave to somebody else; a figure never counts beside another of the same, only instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.by_hand.cells import Order, Unreadable, count_in, day_in, order_in, post_in
from scoring.by_hand.columns import Columns
from scoring.by_hand.delivered import SaidFigure, cut, deliver
from scoring.by_hand.held import Unread, held_at, said_anew, unread_figures
from scoring.by_hand.known import same
from scoring.by_hand.sheet import MOST_ROWS, Row
from scoring.connection import Connection
from scoring.facts import Kind
from scoring.identity import native_key
from scoring.platforms import platform, platforms
from scoring.platforms.addresses import NotAPost, PostNamed
from scoring.platforms.platform import Named
from scoring.platforms.recognising import NoNetwork, recognise
from scoring.records import everyone_of

Verdict = Literal["new", "same", "lower"]
LineOutcome = Literal["new", "same", "lower", "unknown", "own", "unreadable"]
OUTCOMES: Final[tuple[LineOutcome, ...]] = (
    "new", "same", "lower", "unknown", "own", "unreadable",
)  # fmt: skip
A_BATCH: Final = 250  # some hundredths of a second, after which others have their turn
_MOST_TWINS: Final = (
    200_000  # posts looked at where one may have two ids; far more than anybody hands in
)
UNKNOWN: Final = "of nobody who takes part, or not handed in yet"
_ID: Final = 200  # characters of an id that is no address


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What one row would do. `figures`: by kind what the file says, what was known, and what that means."""

    line: int
    outcome: LineOutcome
    words: str  # which post it is about, or why the row cannot be used
    post_id: UUID | None = None
    native_id: str | None = None
    observed_at: datetime | None = None
    figures: Mapping[str, tuple[int, int | None, Verdict]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How a file is read: which network, which columns, and when its figures were seen."""

    platform: str
    header: tuple[str, ...]
    header_line: int
    columns: Columns
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that names a post; `faults` are what of its other cells cannot be read."""

    line: int
    text: str
    named: PostNamed
    observed_at: datetime
    counts: Mapping[str, int]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Post:
    id: UUID
    native_id: str
    author_id: UUID


@dataclass(slots=True)
class _Names:
    """What was found out about a batch's addresses before its rows are read."""

    known: dict[str, PostNamed] = field(default_factory=dict)
    own: list[Named] = field(default_factory=list)


async def plan_figures(
    connection: Connection,
    rows: Iterable[Row],
    how: LookedAt,
    *,
    by: int | None,
    now: datetime,
    zone: ZoneInfo,
) -> AsyncIterator[list[PlannedLine]]:
    """What each row after the header would do, in batches, in order. Raises NotASheet from `rows`.

    `by`: whose own posts are left out; None for the command line.
    """
    own = await _accounts_of(connection, by)
    seen: dict[bytes, int] = {}  # post: the line that speaks of it; sixteen bytes each
    twins = _Twins(how.platform)
    unread = await unread_figures(connection, how.platform)
    after = (row for row in rows if row.line > how.header_line)
    while batch := list(islice(after, A_BATCH)):
        lines: list[PlannedLine] = []
        names = await _names(connection, how, batch)
        read = [_read(row, how, names, now, zone) for row in batch]
        posts = await _posts(
            connection, how.platform, [one for one in read if isinstance(one, _Read)]
        )
        posts |= await twins.find(
            connection, [one for one in read if isinstance(one, _Read) and one.line not in posts]
        )
        known = await _known(
            connection,
            [
                (posts[one.line].id, one)
                for one in read
                if isinstance(one, _Read) and one.line in posts
            ],
            unread,
        )
        for one in read:
            if isinstance(one, PlannedLine):
                lines.append(one)
                continue
            post, faults = posts.get(one.line), list(one.faults)
            if post is None and not faults:
                lines.append(PlannedLine(one.line, "unknown", _shown(one.text)))
                continue
            if post is None:
                faults.append(f"“{_shown(one.text)}” is a post {UNKNOWN}")
            elif (first := seen.get(post.id.bytes)) is not None:
                faults.append(f"line {first} speaks of the same post")
            if post is None or faults:
                lines.append(_unreadable(one.line, *faults))
                continue
            seen[post.id.bytes] = one.line
            if post.author_id in own:
                lines.append(
                    PlannedLine(one.line, "own", _shown(one.text), post.id, post.native_id)
                )
            else:
                lines.append(_planned(one, post, known))
        yield lines


def taken(line: PlannedLine, *, lower: bool) -> list[SaidFigure]:
    """The figures of a row that are taken; `lower`: also those that take back."""
    if line.native_id is None or line.observed_at is None:
        return []
    wanted = ("new", "lower") if lower else ("new",)
    return [
        SaidFigure(line.native_id, Kind(kind), value, line.observed_at)
        for kind, (value, _, verdict) in line.figures.items()
        if verdict in wanted
    ]


async def deliver_planned(
    connection: Connection, network: str, figures: Sequence[SaidFigure], now: datetime
) -> int:
    """Put figures before the workers, but those that hold already; how many they were."""
    count = 0
    for said in cut(await said_anew(connection, network, figures)):
        if await deliver(connection, network, "import", said, now):
            count += len(said.figures)
    return count


def order_of(rows: Iterable[Row], header: Sequence[str], column: str | None) -> Order:
    """Which number of its dates is the day, as far as the rows show it; `auto` where they do not."""
    if column is None or column not in header:
        return "auto"
    at, found = header.index(column), set[Order]()
    for row in islice(rows, MOST_ROWS):
        if at < len(row.cells) and (order := order_in(row.cells[at])):
            found.add(order)
    return found.pop() if len(found) == 1 else "auto"


def _read(
    row: Row, how: LookedAt, names: _Names, now: datetime, zone: ZoneInfo
) -> _Read | PlannedLine:
    cells = dict(zip(how.header, row.cells, strict=False))
    # All that is wrong with a row is said at once, so that it is put right at once.
    faults: list[str] = []
    text, named = "", None
    try:
        text = post_in(cells.get(how.columns.post, ""))
        named = names.known.get(text) or _named(text, how.platform, names.own)
    except Unreadable as why:
        faults.append(str(why))
    counts: dict[str, int] = {}
    before = len(faults)
    for kind, column in how.columns.kinds.items():
        try:
            value = count_in(cells.get(column, ""))
        except Unreadable as why:
            faults.append(f"{column}: {why}")
        else:
            counts |= {} if value is None else {kind: value}
    if not counts and len(faults) == before:
        faults.append("no figures stand in it")
    at, observed = None, how.columns.observed
    try:
        at = day_in(cells.get(observed, ""), how.columns.order, zone, now) if observed else None
    except Unreadable as why:
        faults.append(str(why))
    if named is None:
        return _unreadable(row.line, *faults)
    return _Read(row.line, text, named, at or how.seen_at, counts, tuple(faults))


def _named(text: str, network: str, own: Sequence[Named]) -> PostNamed:
    known = platform(network)
    try:
        if (named := known.post_named(text, own)) is not None:
            return named
        where, _ = recognise(text)
    except NoNetwork:
        if len(text) <= _ID and "/" not in text and " " not in text:
            return PostNamed(text, text, "")  # the network's own id
        raise Unreadable(f"“{_shown(text)}” names no post on {known.label}") from None
    except NotAPost:
        raise Unreadable(f"“{_shown(text)}” names no post") from None
    raise Unreadable(f"“{_shown(text)}” is on {platforms()[where].label}, not on {known.label}")


def _planned(one: _Read, post: _Post, known: Mapping[tuple[int, str], int]) -> PlannedLine:
    figures: dict[str, tuple[int, int | None, Verdict]] = {}
    for kind, value in one.counts.items():
        before = known.get((one.line, kind))
        verdict: Verdict = "new"
        if value == (before or 0):
            verdict = "same"
        elif value < (before or 0):
            verdict = "lower"
        figures[kind] = (value, before, verdict)
    verdicts = {verdict for _, _, verdict in figures.values()}
    outcome: LineOutcome = (
        "new" if "new" in verdicts else "lower" if "lower" in verdicts else "same"
    )
    return PlannedLine(
        one.line, outcome, _shown(one.text), post.id, post.native_id, one.observed_at, figures
    )


def _unreadable(line: int, *why: str) -> PlannedLine:
    return PlannedLine(line, "unreadable", "; ".join(why))


def _shown(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


async def _accounts_of(connection: Connection, by: int | None) -> frozenset[UUID]:
    if by is None:
        return frozenset()
    rows = await connection.fetch(
        "select distinct account_id from ownership where person_id = any($1::bigint[])",
        sorted(await everyone_of(connection, by)),
    )
    return frozenset(row["account_id"] for row in rows)


async def _names(connection: Connection, how: LookedAt, batch: Sequence[Row]) -> _Names:
    """The posts that these addresses name, and accounts that their network calls otherwise than they do."""
    names = _Names()
    if how.columns.post not in how.header:
        return names
    at = how.header.index(how.columns.post)
    for row in batch:
        try:
            text = post_in(row.cells[at]) if at < len(row.cells) else ""
            named = platform(how.platform).post_named(text)
        except (NotAPost, Unreadable):
            continue
        if named is not None:
            names.known[text] = named
    authors = {one.author for one in names.known.values() if one.author is not None}
    if not authors:
        return names
    rows = await connection.fetch(
        """select c.native_id, f.handle from account_face f join account c on c.id = f.account_id
           where c.platform = $1 and lower(f.handle) = any($2::text[])
             and lower(f.handle) <> lower(c.native_id)""",
        how.platform,
        sorted(authors),
    )
    return _Names(own=[Named(*row.values()) for row in rows]) if rows else names


async def _posts(connection: Connection, network: str, read: Sequence[_Read]) -> dict[int, _Post]:
    """The known post of each row, by its name or its address."""
    keys: dict[UUID, list[_Read]] = {}
    for one in read:
        keys.setdefault(native_key(network, one.named.native_id), []).append(one)
    rows = await connection.fetch(
        """select distinct on (a.key) a.key, p.post_id, p.native_id, p.author_id
           from unnest($1::uuid[]) as a(key) left join statement_moved m on m.post_id = a.key
           join post p on p.post_id = coalesce(m.now_id, a.key)
           order by a.key, p.published_at, p.author_id""",
        list(keys),
    )
    found = {
        one.line: _Post(row["post_id"], row["native_id"], row["author_id"])
        for row in rows
        for one in keys[row["key"]]
    }
    urls: dict[str, list[_Read]] = {}
    for one in read:
        if one.line not in found:
            for url in _ways_to_write({one.text, one.named.address}):
                urls.setdefault(url, []).append(one)
    if not urls:
        return found
    rows = await connection.fetch(
        """select t.url, p.post_id, p.native_id, p.author_id from post_text t
           join lateral (select * from post where post.post_id = t.post_id and post.platform = $2
                         order by published_at, author_id limit 1) p on true
           where t.url = any($1::text[]) order by p.post_id""",
        list(urls),
        network,
    )
    for row in rows:
        for one in urls[row["url"]]:
            found.setdefault(one.line, _Post(row["post_id"], row["native_id"], row["author_id"]))
    return found


def _ways_to_write(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        if "://" in address:
            bare = address.rstrip("/")
            yield from (bare, f"{bare}/")


class _Twins:
    """Posts of a network on which one post has several ids, by their moments; read once, if ever. Where two
    fit, neither does."""

    def __init__(self, network: str) -> None:
        self._network = network
        self._posts: list[tuple[datetime, _Post, str]] | None = None

    async def find(self, connection: Connection, read: Sequence[_Read]) -> dict[int, _Post]:
        """The post of each row that is known under another id."""
        found = {}
        for one in read:
            if one.named.twins_s <= 0 or one.named.published_at is None:
                continue
            if self._posts is None:
                self._posts = await self._every(connection)
            about = timedelta(seconds=one.named.twins_s)
            begin = bisect_left(
                self._posts, one.named.published_at - about, key=lambda each: each[0]
            )
            fitting: dict[UUID, _Post] = {}
            for at, post, url in self._posts[begin:]:
                if at > one.named.published_at + about:
                    break
                if same(self._network, url, one.named):
                    fitting.setdefault(post.author_id, post)
            # Whoever publishes in the same moment as others does not get what was counted of theirs.
            if len(fitting) == 1:
                found[one.line] = next(iter(fitting.values()))
        return found

    async def _every(self, connection: Connection) -> list[tuple[datetime, _Post, str]]:
        rows = await connection.fetch(
            """select p.published_at, p.post_id, p.native_id, p.author_id, t.url
               from post p join post_text t using (post_id)
               where p.platform = $1 and t.url is not null
               order by p.published_at desc limit $2""",
            self._network,
            _MOST_TWINS,
        )
        return [
            (
                row["published_at"],
                _Post(row["post_id"], row["native_id"], row["author_id"]),
                row["url"],
            )
            for row in reversed(rows)
        ]


async def _known(
    connection: Connection, asked: Sequence[tuple[UUID, _Read]], unread: Unread
) -> dict[tuple[int, str], int]:
    """What is known of each row's counts at its moment: the figure that holds, or more names than that."""
    keys = {
        (one.line, kind): (post, kind, one.observed_at)
        for post, one in asked
        for kind in one.counts
    }
    if not keys:
        return {}
    held = await held_at(connection, set(keys.values()), unread)
    rows = await connection.fetch(
        """select a.line, a.kind, count(*)::bigint as names
           from unnest($1::int[], $2::text[], $3::uuid[], $4::timestamptz[]) as a(line, kind, post_id, at)
           join engagement e on e.post_id = a.post_id and e.kind = a.kind and e.occurred_at <= a.at
           group by 1, 2""",
        *zip(
            *((line, kind, post, at) for (line, kind), (post, _, at) in keys.items()), strict=True
        ),
    )
    names = {(row["line"], row["kind"]): row["names"] for row in rows}
    values = {name: held[key].value for name, key in keys.items() if key in held}
    return {name: max(values.get(name, 0), names.get(name, 0)) for name in {*values, *names}}
