"""What a row of a file says: which post, which figures, seen when; before it is known whose post that is.

Law: all that is wrong with a row is said at once, so that it is put right at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from scoring.by_hand.cells import Unreadable, count_in, day_in, post_in
from scoring.by_hand.columns import Columns
from scoring.by_hand.planned import PlannedLine, shown, unreadable
from scoring.by_hand.sheet import Row
from scoring.connection import Connection
from scoring.platforms import platform, platforms
from scoring.platforms.addresses import NotAPost, PostNamed
from scoring.platforms.platform import Named
from scoring.platforms.recognising import NoNetwork, recognise

_ID: Final = 200  # characters of an id that is no address


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How a file is read: which network, which columns, and when its figures were seen."""

    platform: str
    header: tuple[str, ...]
    header_line: int
    columns: Columns
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row that names a post; `faults` are what of its other cells cannot be read."""

    line: int
    text: str
    named: PostNamed
    observed_at: datetime
    counts: Mapping[str, int]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """What was found out about a batch's addresses before its rows are read."""

    known: dict[str, PostNamed] = field(default_factory=dict)
    own: list[Named] = field(default_factory=list)


async def names_in(connection: Connection, how: LookedAt, batch: Sequence[Row]) -> Names:
    """The posts that these addresses name, and accounts that their network calls otherwise than they do."""
    names = Names()
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
    return Names(own=[Named(*row.values()) for row in rows]) if rows else names


def read_row(
    row: Row, how: LookedAt, names: Names, now: datetime, zone: ZoneInfo
) -> RowRead | PlannedLine:
    """The row, or the line it makes where it names no post."""
    cells = dict(zip(how.header, row.cells, strict=False))
    faults: list[str] = []
    text, named = "", None
    try:
        text = post_in(cells.get(how.columns.post, ""))
        named = names.known.get(text) or _named(text, how.platform, names.own)
    except Unreadable as why:
        faults.append(f"{how.columns.post}: {why}")
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
        faults.append(f"{observed}: {why}")
    if any(row.cells[len(how.header) :]):
        faults.append(
            f"it has {len(row.cells)} cells under {len(how.header)} columns; a number or a text with "
            "a comma in it needs quotes"
        )
    if named is None:
        return unreadable(row.line, *faults)
    return RowRead(row.line, text, named, at or how.seen_at, counts, tuple(faults))


def _named(text: str, network: str, own: Sequence[Named]) -> PostNamed:
    known = platform(network)
    try:
        if (named := known.post_named(text, own)) is not None:
            return named
        where, _ = recognise(text)
    except NoNetwork:
        if len(text) <= _ID and "/" not in text and " " not in text:
            return PostNamed(text, text, "")  # the network's own id
        raise Unreadable(f"“{shown(text)}” names no post on {known.label}") from None
    except NotAPost:
        raise Unreadable(f"“{shown(text)}” names no post") from None
    raise Unreadable(f"“{shown(text)}” is on {platforms()[where].label}, not on {known.label}")
