"""Files of figures while they are kept: brought, listed, forgotten.

Law: a file is its uploader's, and goes a day later whatever became of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final

from scoring.by_hand.columns import Columns, header_in
from scoring.by_hand.row_read import LookedAt
from scoring.by_hand.sheet import NotASheet, encoding_of, rows
from scoring.by_hand.whole import chunks, head_of
from scoring.connection import Connection

KEPT: Final = timedelta(days=1)
MOST_FILES: Final = 3  # of one person at a time: one that is looked into and some that were
_PART: Final = 256 * 1024  # bytes
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
        sha256 = await asyncio.to_thread(_read_once, body)
    except NotASheet as why:
        raise FileRefused(str(why)) from None
    await _make_room(connection, person_id)
    id_: int = await connection.fetchval(
        """insert into figure_file (person_id, platform, name, sha256, recorded_at)
           values ($1, $2, $3, $4, $5) returning id""",
        person_id,
        network,
        name.replace("\0", "\ufffd")[:MOST_NAME],
        sha256,
        now,
    )
    body.seek(0)
    for n, chunk in enumerate(chunks(body, _PART)):
        await connection.execute("insert into figure_file_part values ($1, $2, $3)", id_, n, chunk)
    return id_


def _read_once(body: IO[bytes]) -> str:
    """The hash of a file that is a table from its first row to its last. Raises NotASheet."""
    encoding = encoding_of(chunks(body))
    body.seek(0)
    header_in(head_of(body, encoding))
    body.seek(0)
    for _ in rows(chunks(body), encoding):
        pass  # whatever is wrong with the last row is said now, not after a dry run of all others
    body.seek(0)
    digest = hashlib.sha256()
    for chunk in chunks(body):
        digest.update(chunk)
    return digest.hexdigest()


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


def how_held(how: LookedAt) -> str:
    """How a file is read, for the database."""
    return json.dumps({**asdict(how), "seen_at": how.seen_at.isoformat()})


def _how(held: Any) -> LookedAt | None:
    if held is None:
        return None
    told = json.loads(held) if isinstance(held, str) else held
    return LookedAt(
        told["platform"], tuple(told["header"]), told["header_line"], Columns(**told["columns"]),
        datetime.fromisoformat(told["seen_at"]),
    )  # fmt: skip
