"""What the rows of a file of figures would do, a few hundred at a time.

Laws: nothing is changed here; what is taken later is what is said here; a row about the post of whoever
imports is theirs to leave to somebody else; a figure never counts beside another of the same, only instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.by_hand.held import Unread, held_at, unread_figures
from scoring.by_hand.planned import LineOutcome, PlannedLine, Verdict, shown, unreadable
from scoring.by_hand.row_posts import RowPost, Twins, posts_of
from scoring.by_hand.row_read import LookedAt, RowRead, names_in, read_row
from scoring.by_hand.sheet import Row
from scoring.connection import Connection
from scoring.records import everyone_of

A_BATCH: Final = 250  # some hundredths of a second, after which others have their turn
UNKNOWN: Final = "of nobody who takes part, or not handed in yet"


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
    twins = Twins(how.platform)
    unread = await unread_figures(connection, how.platform)
    after = (row for row in rows if row.line > how.header_line)
    # Rows can be long: while they are cut, others have their turn.
    while batch := await asyncio.to_thread(list, islice(after, A_BATCH)):
        names = await names_in(connection, how, batch)
        read = [read_row(row, how, names, now, zone) for row in batch]
        named = [one for one in read if isinstance(one, RowRead)]
        posts = await posts_of(connection, how.platform, named)
        posts |= await twins.find(connection, [one for one in named if one.line not in posts])
        asked = [(posts[one.line].id, one) for one in named if one.line in posts]
        known = await _known(connection, asked, unread)
        yield [
            one
            if isinstance(one, PlannedLine)
            else _line(one, posts.get(one.line), seen, own, known)
            for one in read
        ]


def _line(
    one: RowRead,
    post: RowPost | None,
    seen: dict[bytes, int],
    own: frozenset[UUID],
    known: Mapping[tuple[int, str], int],
) -> PlannedLine:
    faults = list(one.faults)
    if post is None and not faults:
        return PlannedLine(one.line, "unknown", shown(one.text))
    if post is None:
        faults.append(f"“{shown(one.text)}” is a post {UNKNOWN}")
    elif (first := seen.get(post.id.bytes)) is not None:
        faults.append(f"line {first} speaks of the same post")
    if post is None or faults:
        return unreadable(one.line, *faults)
    seen[post.id.bytes] = one.line
    if post.author_id in own:
        return PlannedLine(one.line, "own", shown(one.text), post.id, post.native_id)
    return _planned(one, post, known)


def _planned(one: RowRead, post: RowPost, known: Mapping[tuple[int, str], int]) -> PlannedLine:
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
        one.line, outcome, shown(one.text), post.id, post.native_id, one.observed_at, figures
    )


async def _accounts_of(connection: Connection, by: int | None) -> frozenset[UUID]:
    if by is None:
        return frozenset()
    rows = await connection.fetch(
        "select distinct account_id from ownership where person_id = any($1::bigint[])",
        sorted(await everyone_of(connection, by)),
    )
    return frozenset(row["account_id"] for row in rows)


async def _known(
    connection: Connection, asked: Sequence[tuple[UUID, RowRead]], unread: Unread
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
