"""The real processes that are measured: started as an installation starts them, ended with us."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from app.embedded.process import dying_with, last_words
from app.settings import Settings

_START_TIMEOUT_S = 60.0
_END_TIMEOUT_S = 15.0
_LOOK_EVERY_S = 0.05

COMMAND = "from app.cli import main; main()"
SERVER = "from app.bench.server import main; main()"
# By its path: clients need nothing else of Fanfare, and importing that takes longer than a short round.
CALLER = f"import runpy; runpy.run_path({str(Path(__file__).with_name('caller.py'))!r})['main']()"
BROWSERS = "from app.bench.browsers import main; main()"
TELEVISIONS = "from app.bench.televisions import main; main()"
JETSTREAM = "from app.bench.jetstream import main; main()"


class ProcessFailed(Exception):
    """A process that is measured ended or did not come up; the text holds its last words."""


@asynccontextmanager
async def running(
    program: str, *words: str, settings: Settings, directory: Path, ready: str | int
) -> AsyncIterator[psutil.Process]:
    """A process with these settings, once it is ready: a port it answers on, or a word in its log."""
    log = directory / f"{'-'.join(words) or 'server'}.log"
    process = _started([sys.executable, "-c", program, *words], settings, log)
    try:
        await _ready(process, log, ready)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, _END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _started(command: list[str], settings: Settings, log: Path) -> subprocess.Popen[bytes]:
    with open(log, "wb") as output:
        return subprocess.Popen(
            command,
            env={**os.environ, **settings.to_environment()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
        )


async def _ready(process: subprocess.Popen[bytes], log: Path, ready: str | int) -> None:
    until = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if isinstance(ready, str) and _says(log, ready):
            return
        if isinstance(ready, int) and await _answers(ready):
            return
        await asyncio.sleep(0.1)
    raise ProcessFailed(f"{log.stem} did not come up:\n{last_words(log)}")


def _says(log: Path, word: str) -> bool:
    return word in log.read_text(errors="replace")


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(12), 2)
        writer.close()
    except (OSError, TimeoutError):
        return False
    return answer.endswith(b"200")


async def asked(program: str, job: bytes) -> bytes:
    """What a child process answers on its output to a job on its input: load comes from outside.

    The answer goes through a file: of one of megabytes a pipe was seen to hold back the end on a
    machine with much other work, though the child had ended well.
    """
    with tempfile.TemporaryFile() as answer:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program,
            stdin=asyncio.subprocess.PIPE,
            stdout=answer,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
        )  # fmt: skip
        try:
            _, trouble = await process.communicate(job)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise ProcessFailed(trouble.decode(errors="replace")[-2000:])
        answer.seek(0)
        return answer.read()


async def peak(program: str, *words: str, settings: Settings, directory: Path) -> float:
    """Run a program to its end; the most memory it held, in MiB. ProcessFailed when it fails."""
    log = directory / f"{'-'.join(words)}.log"
    process = _started([sys.executable, "-c", program, *words], settings, log)
    try:
        watched, most = psutil.Process(process.pid), 0.0
        while process.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                most = max(most, kibibytes(watched) / 1024)
            await asyncio.sleep(_LOOK_EVERY_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode:
        raise ProcessFailed(f"{log.stem} failed:\n{last_words(log)}")
    return most


def kibibytes(process: psutil.Process) -> float:
    """What a process and its children hold in memory."""
    every = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in every) / 1024
