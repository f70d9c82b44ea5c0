"""Loads the large company into an empty installation: invented on all cores, copied in, indexed once.

Laws: all of it is there afterwards or nothing (one transaction); memory is bounded by blocks, whatever
the size; an installation that has people is left alone.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from scoring.connection import Connection
from scoring.partitions import ensure_partitions
from scoring.rulebooks import adopt_rulebook
from scoring.rules import default_rulebook_toml
from seeds.loading import Tell
from seeds.people import InstallationNotEmpty
from seeds.scale.bare import Laid, prepare_to_lay, strip
from seeds.scale.facts import COLUMNS
from seeds.scale.people import TABLES, settle
from seeds.scale.size import Size
from seeds.scale.spool import in_order
from seeds.scale.writing import Job, written

# Below this, indexes are kept up row by row: laying them anew costs more than it saves.
_FEW = 20_000


async def load(
    database_url: str,
    size: Size,
    *,
    zone: ZoneInfo,
    tag: str,
    directory: Path,
    tell: Tell,
    processes: int | None = None,
) -> Counter[str]:
    """Write the company and its history; returns the rows by table.

    `directory` is where rows wait on their way (about 0.4 GB a million engagements), `tag` what
    posts disclose by. InstallationNotEmpty when there are people.
    """
    connection = await asyncpg.connect(database_url, command_timeout=None)
    try:
        await connection.execute("set synchronous_commit = off")  # all or nothing in any case
        if await connection.fetchval("select exists (select from person)"):
            raise InstallationNotEmpty("There are people in this installation already.")
        await ensure_partitions(connection, size.now.date(), since=size.begins_at.date())
        with tempfile.TemporaryDirectory(prefix="scale-", dir=directory) as waiting:
            async with connection.transaction():
                return await _load(
                    connection,
                    size,
                    zone,
                    tag,
                    Path(waiting),
                    tell,
                    processes or os.cpu_count() or 1,
                )
    finally:
        await connection.close()


async def _load(
    connection: Connection,
    size: Size,
    zone: ZoneInfo,
    tag: str,
    waiting: Path,
    tell: Tell,
    processes: int,
) -> Counter[str]:
    toml = default_rulebook_toml()
    rulebook = await adopt_rulebook(
        connection, toml, name="Fanfare's own", valid_from=datetime(1970, 1, 1, tzinfo=UTC),
        recorded_at=size.known_at,
    )  # fmt: skip
    jobs = [
        Job(size, zone, toml, rulebook, tag, waiting / str(n), n, processes)
        for n in range(processes)
    ]
    rows = await asyncio.to_thread(_written, jobs, tell)
    await settle(connection, size, _counter("Recording people", len(TABLES) * size.people, tell))
    large = rows["engagement"] > _FEW
    taken = await strip(connection, list(COLUMNS)) if large else []
    told = waiting_bytes(jobs)
    done = _counter("Copying, in MB", told // 2**20, tell, of=2**20)
    for table, columns in COLUMNS.items():
        await connection.copy_to_table(
            table,
            columns=columns,
            format="binary",
            source=in_order([job.directory for job in jobs], table, done),
        )
    await _lay(connection, taken, tell)
    return rows


def _written(jobs: list[Job], tell: Tell) -> Counter[str]:
    size, rows, people = jobs[0].size, Counter[str](), 0
    with closing(written(jobs)) as blocks:  # its processes end with it, whatever happens
        for more, of_block in blocks:
            people += more
            rows += of_block
            whole = max(size.engagements, rows["engagement"])
            tell("Inventing engagements", rows["engagement"], whole)
    tell("Inventing engagements", rows["engagement"], rows["engagement"])
    return rows


async def _lay(connection: Connection, taken: list[Laid], tell: Tell) -> None:
    await prepare_to_lay(connection)
    for number, one in enumerate(taken):
        tell("Laying indexes", number, len(taken))
        await connection.execute(one.statement)
    tell("Laying indexes", len(taken), len(taken))


def waiting_bytes(jobs: list[Job]) -> int:
    """How much lies on the disk and waits to be copied."""
    return sum(file.stat().st_size for job in jobs for file in job.directory.glob("*/*"))


def _counter(words: str, whole: int, tell: Tell, of: int = 1) -> Callable[[int], None]:
    """Adds up what is done and tells it, in units of so many."""
    done = 0

    def add(more: int) -> None:
        nonlocal done
        done += more
        tell(words, min(done // of, whole), whole)

    return add
