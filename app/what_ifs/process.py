"""A draft counted in a process of its own, by halves of the people on two cores, in one moment.

Laws: a worker that counts points goes on undisturbed meanwhile, and comes first; whoever asked for a process
takes it with them when they end. It reads a draft and says, a line each, how far it is and what came of it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection as Pipe
from typing import Any, Final

import asyncpg
import msgspec

from app.embedded.process import dying_with
from app.settings import Settings
from app.what_ifs.asking import Asked
from app.what_ifs.running import Count, Outcome, Progress, books_of, contest_of
from scoring import Books, Counted, Foreseen, Part, RulebookInvalid, keep_zones, what_if

_COMMAND: Final = "from app.what_ifs.process import main; main()"
_LONGEST_LINE: Final = 2**20  # what came of it: a line for each of a hundred rules
_NICE: Final = 5  # points first, and yet it gets on


class WhatIfEnded(Exception):
    """The process that counted a draft ended before it was done."""


class Said(msgspec.Struct):
    """A line of the process."""

    done: int = 0
    of: int = 0
    outcome: Outcome | None = None
    refused: str = ""


def counted_elsewhere(settings: Settings) -> Count:
    """Counting in a process of its own, which ends with this one."""

    async def count(asked: Asked, progress: Progress) -> Outcome:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
            env={**os.environ, **settings.to_environment()},
            preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
        )  # fmt: skip
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(msgspec.json.encode(asked))
            process.stdin.close()
            async for line in process.stdout:
                said = msgspec.json.decode(line, type=Said)
                if said.refused:
                    raise RulebookInvalid(said.refused)
                if said.outcome is not None:
                    return said.outcome
                await progress(said.done, said.of)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
        raise WhatIfEnded(f"the process that counted ended with {process.returncode}")

    return count


def main() -> None:
    """Count the draft that stands in the standard input."""
    os.nice(_NICE)
    gc.freeze()  # what was imported stays
    settings = Settings.from_environment(os.environ)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    try:
        books = asyncio.run(_books(settings, asked))
    except RulebookInvalid as refused:
        _say(Said(refused=str(refused)))
        return
    halves = 2 if (os.cpu_count() or 1) > 1 and "fork" in get_all_start_methods() else 1
    other = None
    if halves == 2:
        # Before this process has opened anything that a fork would share.
        context = get_context("fork")
        ours, theirs = context.Pipe()
        context.Process(
            target=_other_half, args=(settings, asked, books, ours, theirs), daemon=True
        ).start()
        theirs.close()
        other = ours
    counted = asyncio.run(_first_half(settings, asked, books, halves, other))
    contest = asyncio.run(_contest(settings, asked)) if asked.contest is not None else None
    _say(Said(outcome=Outcome(counted.foreseen(books), counted.own_changes, contest)))


async def _contest(settings: Settings, asked: Asked) -> Foreseen | None:
    async def progress(done: int, of: int) -> None:
        _say(Said(done, of))

    connection = await asyncpg.connect(settings.require_database_url())
    try:
        return await contest_of(connection, asked, progress)
    finally:
        await connection.close()


async def _books(settings: Settings, asked: Asked) -> Books:
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        await keep_zones(connection)
        return await books_of(connection, asked, settings.timezone)
    finally:
        await connection.close()


async def _first_half(
    settings: Settings, asked: Asked, books: Books, halves: int, other: Pipe | None
) -> Counted:
    """Count the first half, and wait for the other one."""
    far = [(0, 0), (0, 0)]

    async def progress(done: int, of: int) -> None:
        far[0] = done, of
        _say(Said(far[0][0] + far[1][0], max(far[0][1] + far[1][1], of * halves)))

    joined = asyncio.Event()

    async def begun(snapshot: str) -> None:
        if other is None:
            return
        other.send(snapshot)
        # A moment is there as long as the transaction that named it: this half, which may be a matter of
        # milliseconds, must not be over before the other one sees it.
        seen = asyncio.create_task(joined.wait())
        await asyncio.wait({seen, waiting}, return_when=asyncio.FIRST_COMPLETED)
        seen.cancel()
        if not joined.is_set():
            raise WhatIfEnded("the other half ended before it began")

    async def rest() -> Counted:
        if other is None:
            return Counted()
        while True:
            said = await asyncio.to_thread(other.recv)
            joined.set()
            if isinstance(said, Counted):
                return said
            far[1] = said

    waiting = asyncio.create_task(rest())
    counted = await _half(settings, asked, books, Part(0, halves), progress, begun)
    counted.add(await waiting)
    return counted


def _other_half(settings: Settings, asked: Asked, books: Books, ours: Pipe, theirs: Pipe) -> None:
    """Count the other half in the moment of the first; ends quietly where that has ended."""
    ours.close()

    async def progress(done: int, of: int) -> None:
        theirs.send((done, of))

    async def begun(snapshot: str) -> None:
        theirs.send((0, 0))

    try:
        part = Part(1, 2, theirs.recv())
        theirs.send(asyncio.run(_half(settings, asked, books, part, progress, begun)))
    except (EOFError, BrokenPipeError):
        os._exit(1)


async def _half(
    settings: Settings, asked: Asked, books: Books, part: Part, progress: Progress, begun: Any
) -> Counted:
    connection = await asyncpg.connect(
        settings.require_database_url(),
        server_settings={"application_name": "fanfare what if"},
    )
    try:
        counting: Awaitable[Counted] = what_if(
            connection,
            books,
            asked.start_at,
            asked.end_at,
            progress=progress,
            own=asked.by,
            part=part,
            begun=begun,
        )
        return await counting
    finally:
        await connection.close()


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()
