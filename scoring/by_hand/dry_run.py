"""The dry run of a file of figures: what each row would do, written down and shown.

Law: what stands here is what is taken later, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from asyncpg import Record

from scoring.by_hand.columns import Columns, header_in, order_of
from scoring.by_hand.files import FigureFile, FileRefused, how_held
from scoring.by_hand.planned import OUTCOMES, PlannedLine
from scoring.by_hand.planning import plan_figures
from scoring.by_hand.row_read import LookedAt
from scoring.by_hand.sheet import NotASheet, rows
from scoring.by_hand.whole import chunks, head_of, whole
from scoring.connection import Connection


async def look_into(
    connection: Connection,
    file: FigureFile,
    columns: Columns,
    seen_at: datetime,
    *,
    by: int,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """The dry run: write down what every row would do, in the caller's transaction. Raises FileRefused."""
    if file.applied_at is not None:
        raise FileRefused("This file was taken already.")
    await connection.execute("delete from figure_file_line where file_id = $1", file.id)
    async with whole(connection, file.id) as (body, encoding):
        line, header = header_in(await asyncio.to_thread(head_of, body, encoding))
        if lacking := columns.lacking(header):
            raise FileRefused(
                f"The file has no column {' and none '.join(f'“{c}”' for c in lacking)}.", "post"
            )
        try:
            if columns.order == "auto" and columns.observed:
                body.seek(0)
                every = rows(chunks(body), encoding)
                order = await asyncio.to_thread(order_of, every, header, columns.observed)
                columns = replace(columns, order=order)
            how = LookedAt(file.platform, header, line, columns, seen_at)
            body.seek(0)
            async for planned in plan_figures(
                connection, rows(chunks(body), encoding), how, by=by, now=now, zone=zone
            ):
                await _write(connection, file.id, planned)
        except NotASheet as why:
            raise FileRefused(str(why)) from None
    await connection.execute(
        "update figure_file set columns = $2, looked_at = $3 where id = $1",
        file.id,
        how_held(how),
        now,
    )


async def file_sums(connection: Connection, file_id: int) -> dict[str, int]:
    """How many rows would do what, all outcomes named."""
    found = await connection.fetch(
        "select outcome, count(*)::int as n from figure_file_line where file_id = $1 group by 1",
        file_id,
    )
    counts = {row["outcome"]: row["n"] for row in found}
    return {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}


async def lower_rows(connection: Connection, file_id: int) -> int:
    """In how many rows a figure is lower than what is known, whatever else stands there."""
    return int(
        await connection.fetchval(
            """select count(*) from figure_file_line where file_id = $1
                 and jsonb_path_exists(figures, '$.*[*] ? (@ == "lower")')""",
            file_id,
        )
    )


async def file_lines(
    connection: Connection,
    file_id: int,
    *,
    outcome: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[PlannedLine]:
    """What rows would do, in order."""
    found = await connection.fetch(
        """select line, outcome, words, post_id, native_id, observed_at, figures from figure_file_line
           where file_id = $1 and line > $2 and ($3::text is null or outcome = $3)
           order by line limit $4""",
        file_id,
        after,
        outcome,
        limit,
    )
    return [_line(row) for row in found]


async def _write(connection: Connection, file_id: int, lines: Sequence[PlannedLine]) -> None:
    await connection.copy_records_to_table(
        "figure_file_line",
        columns=["file_id", "line", "outcome", "post_id", "native_id", "observed_at", "figures", "words"],
        records=[
            (
                file_id, line.line, line.outcome, line.post_id, line.native_id, line.observed_at,
                json.dumps(line.figures), line.words.replace("\0", "\ufffd"),
            )
            for line in lines
        ],
    )  # fmt: skip


def _line(row: Record) -> PlannedLine:
    figures = {kind: tuple(told) for kind, told in json.loads(row["figures"]).items()}
    return PlannedLine(
        row["line"], row["outcome"], row["words"], row["post_id"], row["native_id"],
        row["observed_at"], figures,
    )  # fmt: skip
