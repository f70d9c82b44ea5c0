"""Files of figures between upload and apply: kept, looked into row by row, applied exactly as shown.

Laws: applying does what the dry run showed and nothing else, once; a file is its uploader's, and goes a day
later whatever became of it.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from asyncpg import Record

from scoring.audit import record_audit
from scoring.by_hand.columns import Columns, header_in
from scoring.by_hand.delivered import MOST_FIGURES, SaidFigure
from scoring.by_hand.planning import (
    OUTCOMES,
    LookedAt,
    PlannedLine,
    deliver_planned,
    order_of,
    plan_figures,
    taken,
)
from scoring.by_hand.sheet import MOST_BYTES, NotASheet, Row, encoding_of, rows
from scoring.connection import Connection

KEPT: Final = timedelta(days=1)
MOST_FILES: Final = 3  # of one person at a time: one that is looked into and some that were
_PART: Final = 256 * 1024  # bytes
_IN_MEMORY: Final = 1024 * 1024
_HEAD: Final = 40  # rows
MOST_NAME: Final = 200


class FileRefused(ValueError):
    """A file or what was said of it cannot be used; `field` says where, the message why."""

    def __init__(self, words: str, field: str = "file") -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class FigureFile:
    """A file as its uploader sees it; `how` once it was looked into."""

    id: int
    platform: str
    name: str
    sha256: str
    recorded_at: datetime
    looked_at: datetime | None
    applied_at: datetime | None
    how: LookedAt | None


async def bring_file(
    connection: Connection, person_id: int, network: str, name: str, body: IO[bytes], now: datetime
) -> int:
    """Keep a file for a day; its id. Raises FileRefused for what cannot be a table."""
    try:
        encoding = encoding_of(_chunks(body))
        body.seek(0)
        header_in(_head(body, encoding))
    except NotASheet as why:
        raise FileRefused(str(why)) from None
    body.seek(0)
    digest = hashlib.sha256()
    for chunk in _chunks(body):
        digest.update(chunk)
    await _make_room(connection, person_id)
    id_: int = await connection.fetchval(
        """insert into figure_file (person_id, platform, name, sha256, recorded_at)
           values ($1, $2, $3, $4, $5) returning id""",
        person_id,
        network,
        name[:MOST_NAME],
        digest.hexdigest(),
        now,
    )
    body.seek(0)
    for n, chunk in enumerate(_chunks(body, _PART)):
        await connection.execute("insert into figure_file_part values ($1, $2, $3)", id_, n, chunk)
    return id_


async def figure_file(connection: Connection, file_id: int, person_id: int) -> FigureFile | None:
    """One's own file."""
    row = await connection.fetchrow(
        """select id, platform, name, sha256, recorded_at, looked_at, applied_at, columns
           from figure_file where id = $1 and person_id = $2""",
        file_id,
        person_id,
    )
    if row is None:
        return None
    return FigureFile(
        row["id"], row["platform"], row["name"], row["sha256"], row["recorded_at"],
        row["looked_at"], row["applied_at"], _how(row["columns"]),
    )  # fmt: skip


async def files_of(connection: Connection, person_id: int) -> list[FigureFile]:
    """The files that somebody brought and that are still kept, the newest first."""
    found = await connection.fetch(
        "select id from figure_file where person_id = $1 order by id desc", person_id
    )
    every = [await figure_file(connection, row["id"], person_id) for row in found]
    return [one for one in every if one is not None]


async def file_rows(connection: Connection, file_id: int) -> tuple[int, tuple[str, ...], list[Row]]:
    """The line of the header, the names of the columns, and the first rows below them."""
    async with _whole(connection, file_id) as (body, encoding):
        head = _head(body, encoding)
    line, header = header_in(head)
    return line, header, [row for row in head if row.line > line]


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
    async with _whole(connection, file.id) as (body, encoding):
        line, header = header_in(_head(body, encoding))
        if lacking := columns.lacking(header):
            raise FileRefused(
                f"The file has no column {' and none '.join(f'“{c}”' for c in lacking)}.", "post"
            )
        if columns.order == "auto" and columns.observed:
            body.seek(0)
            order = order_of(rows(_chunks(body), encoding), header, columns.observed)
            columns = Columns(columns.post, columns.kinds, columns.observed, order)
        how = LookedAt(file.platform, header, line, columns, seen_at)
        body.seek(0)
        try:
            async for planned in plan_figures(
                connection, rows(_chunks(body), encoding), how, by=by, now=now, zone=zone
            ):
                await _write(connection, file.id, planned)
        except NotASheet as why:
            raise FileRefused(str(why)) from None
    await connection.execute(
        "update figure_file set columns = $2, looked_at = $3 where id = $1",
        file.id,
        _held(how),
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


async def apply_file(
    connection: Connection, file: FigureFile, *, lower: bool, by: int, now: datetime
) -> int | None:
    """Take what the dry run showed, in the caller's transaction; how many figures, None where it was
    taken before. `lower`: also figures that take points back."""
    row = await connection.fetchrow(
        "select looked_at, applied_at from figure_file where id = $1 for update", file.id
    )
    if row is None or row["looked_at"] is None:
        raise FileRefused("Look first at what the file would do.")
    if row["looked_at"] != file.looked_at:
        raise FileRefused("The file was looked into anew meanwhile. Look at what it would do now.")
    if row["applied_at"] is not None:
        return None
    count, after = 0, 0
    figures: list[SaidFigure] = []
    while lines := await file_lines(connection, file.id, after=after, limit=2_000):
        after = lines[-1].line
        figures += [figure for line in lines for figure in taken(line, lower=lower)]
        while len(figures) >= MOST_FIGURES:
            count += await deliver_planned(connection, file.platform, figures[:MOST_FIGURES], now)
            del figures[:MOST_FIGURES]
    count += await deliver_planned(connection, file.platform, figures, now)
    await connection.execute("update figure_file set applied_at = $2 where id = $1", file.id, now)
    detail = {"network": file.platform, "sha256": file.sha256, "figures": count, "lower": lower}
    await record_audit(connection, by, "figures_imported", f"figure_file:{file.id}", detail, now)
    return count


async def drop_file(connection: Connection, file_id: int) -> None:
    """Forget a file."""
    await _drop(connection, [file_id])


async def forget_files(connection: Connection, now: datetime) -> None:
    """Files go a day after they came."""
    found = await connection.fetch(
        "select id from figure_file where recorded_at < $1 order by id", now - KEPT
    )
    if found:
        async with connection.transaction():
            await _drop(connection, [row["id"] for row in found])


async def _make_room(connection: Connection, person_id: int) -> None:
    found = await connection.fetch(
        "select id from figure_file where person_id = $1 order by id desc offset $2",
        person_id,
        MOST_FILES - 1,
    )
    await _drop(connection, [row["id"] for row in found])


async def _drop(connection: Connection, ids: Sequence[int]) -> None:
    for table in ("figure_file_line", "figure_file_part"):
        await connection.execute(f"delete from {table} where file_id = any($1::bigint[])", ids)
    await connection.execute("delete from figure_file where id = any($1::bigint[])", ids)


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


@asynccontextmanager
async def _whole(connection: Connection, file_id: int) -> AsyncIterator[tuple[IO[bytes], str]]:
    """The file as one, beyond a megabyte on disk, and how its text is written."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
        n = 0
        while (
            part := await connection.fetchval(
                "select body from figure_file_part where file_id = $1 and n = $2", file_id, n
            )
        ) is not None:
            body.write(part)
            n += 1
        body.seek(0)
        encoding = encoding_of(_chunks(body))
        body.seek(0)
        yield body, encoding


def _chunks(body: IO[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    total = 0
    while chunk := body.read(size):
        total += len(chunk)
        yield chunk
        if total > MOST_BYTES:
            return


def _head(body: IO[bytes], encoding: str) -> list[Row]:
    return [row for _, row in zip(range(_HEAD), rows(_chunks(body), encoding), strict=False)]


def _held(how: LookedAt) -> str:
    return json.dumps({**asdict(how), "seen_at": how.seen_at.isoformat()})


def _how(held: Any) -> LookedAt | None:
    if held is None:
        return None
    told = json.loads(held) if isinstance(held, str) else held
    return LookedAt(
        told["platform"], tuple(told["header"]), told["header_line"], Columns(**told["columns"]),
        datetime.fromisoformat(told["seen_at"]),
    )  # fmt: skip
