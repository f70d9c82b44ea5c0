"""A kept file as one stretch of bytes again, and what stands at its beginning.

Laws: beyond a megabyte it lies on disk, so that many files at once do not fill the memory; what takes as
long as a file is large is done beside the loop.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import IO, Final

from scoring.by_hand.columns import header_in
from scoring.by_hand.sheet import MOST_BYTES, Row, encoding_of, rows
from scoring.connection import Connection

_IN_MEMORY: Final = 1024 * 1024
_HEAD: Final = 40  # rows


async def file_rows(connection: Connection, file_id: int) -> tuple[int, tuple[str, ...], list[Row]]:
    """The line of the header, the names of the columns, and the first rows below them."""
    async with whole(connection, file_id) as (body, encoding):
        head = await asyncio.to_thread(head_of, body, encoding)
    line, header = header_in(head)
    return line, header, [row for row in head if row.line > line]


@asynccontextmanager
async def whole(connection: Connection, file_id: int) -> AsyncIterator[tuple[IO[bytes], str]]:
    """The file as one, beyond a megabyte on disk, and how its text is written."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
        n = 0
        while (
            part := await connection.fetchval(
                "select body from figure_file_part where file_id = $1 and n = $2", file_id, n
            )
        ) is not None:
            await asyncio.to_thread(body.write, part)
            n += 1
        body.seek(0)
        encoding = await asyncio.to_thread(encoding_of, chunks(body))
        body.seek(0)
        yield body, encoding


def chunks(body: IO[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """Its bytes, a stretch at a time, and no more than may be read."""
    total = 0
    while chunk := body.read(size):
        total += len(chunk)
        yield chunk
        if total > MOST_BYTES:
            return


def head_of(body: IO[bytes], encoding: str) -> list[Row]:
    """Its first rows, in which the names of the columns stand."""
    return [row for _, row in zip(range(_HEAD), rows(chunks(body), encoding), strict=False)]
