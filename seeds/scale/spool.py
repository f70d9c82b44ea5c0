"""Rows on their way into the database, gathered by day: people are invented one after the other, but a
real history lies on disk in the order of time, and a measurement on anything else would flatter.

Law: memory is bounded by `_HELD`, however much is written; a file is gone once it has been read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from seeds.scale.rows import HEADER, TRAILER

_HELD = 96 * 2**20  # bytes in memory before they go to the disk
_READ = 4 * 2**20
# Days a file: what a worker reads again by day lies by day, the rest may lie more coarsely.
_A_DAY = frozenset({"engagement", "entry"})
_COARSE = 30


class Spool:
    """One writing process' files in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._rows: dict[tuple[str, int], bytearray] = defaultdict(bytearray)
        self._held = 0
        self.counts: dict[str, int] = defaultdict(int)

    def put(self, table: str, day: int, row: bytes) -> None:
        """A row of a table."""
        self._rows[table, day if table in _A_DAY else day // _COARSE] += row
        self.counts[table] += 1
        self._held += len(row)
        if self._held > _HELD:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for (table, day), rows in self._rows.items():
            folder = self._directory / table
            folder.mkdir(exist_ok=True)
            with open(folder / f"{day:06d}", "ab") as file:
                file.write(rows)
        self._rows.clear()
        self._held = 0


async def in_order(
    directories: list[Path], table: str, read: Callable[[int], None]
) -> AsyncIterator[bytes]:
    """A table's rows of all writers as one COPY, day after day; files go as they are read.

    `read(bytes)` is called along the way.
    """
    yield HEADER
    for part in _parts(directories, table):
        yield part
        read(len(part))
    yield TRAILER


def _parts(directories: list[Path], table: str) -> Iterator[bytes]:
    files = [file for one in directories for file in (one / table).glob("*")]
    for file in sorted(files, key=lambda file: (file.name, file.parent)):
        with open(file, "rb") as opened:
            while part := opened.read(_READ):
                yield part
        file.unlink()
