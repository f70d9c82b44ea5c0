"""Invents lives and writes their rows, on all cores: blocks of people, each process its own files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from zoneinfo import ZoneInfo

from scoring.rules import read_rulebook
from seeds.scale.counting import Counting
from seeds.scale.days import Days, day_stamp
from seeds.scale.facts import write
from seeds.scale.lives import live
from seeds.scale.size import Size
from seeds.scale.spool import Spool

_BLOCK = 500  # people: progress is told so often


@dataclass(frozen=True, slots=True)
class Job:
    """What a writing process is told."""

    size: Size
    zone: ZoneInfo
    rulebook: str
    rulebook_id: int
    tag: str
    directory: Path
    number: int  # of the process, from 0
    processes: int


def written(jobs: list[Job]) -> Generator[tuple[int, Counter[str]]]:
    """Write everybody; yields (people, rows by table) of every block. Runs one process a job.

    RuntimeError when one of them ends before it is done.
    """
    context = get_context("spawn")
    pipes, running = [], []
    for job in jobs:
        hear, say = context.Pipe(duplex=False)
        process = context.Process(target=_run, args=(job, say), daemon=True)
        process.start()
        say.close()  # so that its end is heard when it dies
        pipes.append(hear)
        running.append(process)
    try:
        while pipes:
            for heard in wait(pipes):
                assert isinstance(heard, Connection)
                try:
                    done = heard.recv()
                except EOFError:
                    raise RuntimeError("a process that wrote the history died") from None
                if done is None:
                    pipes.remove(heard)
                else:
                    yield done
    finally:
        for process in running:
            process.terminate()
            process.join()


def _run(job: Job, say: Connection) -> None:
    for done in blocks(job):
        say.send(done)
    say.send(None)


def blocks(job: Job) -> Iterator[tuple[int, Counter[str]]]:
    """Write this process' share of the people."""
    size = job.size
    days = Days(size.begins_at, size.now, job.zone)
    counting = Counting(read_rulebook(job.rulebook), days)
    job.directory.mkdir()
    spool = Spool(job.directory)
    first_day = day_stamp(days.days[0])
    for first in range(1 + _BLOCK * job.number, size.people + 1, _BLOCK * job.processes):
        before = Counter(spool.counts)
        people = range(first, min(first + _BLOCK, size.people + 1))
        for person in people:
            life = live(size, person)
            write(life, counting.worth(life), job.rulebook_id, first_day, job.tag, spool.put)
        yield len(people), Counter(spool.counts) - before
    spool.flush()
