"""A team screen in Chromium for long: does anything grow? Run by hand:

    python -m tests.e2e.long_run --minutes 60 --updates 10000

Eight hours of slides are played at a second each, while signals of everything a screen listens to come
as fast as the live process hands them on, scores change, and the pages' process is restarted. Between,
after a garbage collection: JavaScript heap, DOM nodes, listeners, memory of the renderer, connections.
It fails when one of them is more than a tenth larger in the last quarter than in the first.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

import asyncpg
import msgspec
import psutil
from redis.asyncio import Redis

from app.database import migrate
from app.embedded import services
from app.live.screens import SCREENS, screen_topic
from app.live.topics import signal
from app.screens.playlist import STANDARD, Playlist
from app.screens.playlists import playlists
from app.screens.screens import key_of, screens
from app.settings import Settings
from scoring import SIGNALS, Signal
from tests.e2e.chromium_alone import Chromium
from tests.e2e.world import EMAILS, World, apart, world

EIGHT_HOURS_S: Final = 8 * 3600
SAMPLES: Final = 40
WARM_UP: Final = 0.15  # of the samples: the first round of slides, compiled scripts, caches
GROWN: Final = 1.10
EVERY_S: Final = 0.3  # signals; of each topic the live process hands on one a second
LOOK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """What the screen holds at a moment."""

    minute: float
    updates: int  # signals the page heard
    slides: int  # that it went on to
    restarts: int  # of the pages' process
    heap_kb: int
    nodes: int
    listeners: int
    renderer_mb: float
    connections: int  # to the web and the live process


# What may not grow.
HELD: Final = ("heap_kb", "nodes", "listeners", "renderer_mb", "connections")


# Counts what the page hears and asks, and keeps nothing of it.
COUNTING: Final = """
const counts = window.counts = { updates: 0, looks: 0, slides: 0, errors: 0 };
const add = EventSource.prototype.addEventListener, ask = window.fetch;
EventSource.prototype.addEventListener = function (name, heard) {
  add.call(this, name, (event) => { counts.updates += 1; heard(event); });
};
window.fetch = (address, ...more) => {
  if (String(address).includes("/now?")) {
    counts.looks += 1;
    counts.slides += String(address).includes("onward=1") ? 1 : 0;
  }
  return ask(address, ...more);
};
addEventListener("error", () => { counts.errors += 1; });
addEventListener("unhandledrejection", () => { counts.errors += 1; });
"""


class Watched:
    """A screen's page, and what is counted of it."""

    def __init__(self, browser: Chromium, served: World, key: str) -> None:
        self.heard: Counter[str] = Counter()
        self._browser = browser
        self._served = served
        self._before: Counter[str] = Counter()  # of pages before this one
        for domain in ("Performance", "HeapProfiler", "Page"):
            browser.ask(f"{domain}.enable")
        browser.ask("Page.addScriptToEvaluateOnNewDocument", source=COUNTING)
        browser.ask("Page.navigate", url=f"{served.address}/screens/{key}")

    def count(self) -> list[str]:
        """Count anew; what the picture that is on listens to besides what all do."""
        found = self._browser.value(
            "JSON.stringify([window.counts, document.getElementById('stage')?.dataset.topics])"
        )
        counts, topics = json.loads(found) if found else (None, "")
        if counts:
            if counts["looks"] + self._before["looks"] < self.heard["looks"]:
                self._before = self.heard  # another page counts from nothing
            self.heard = self._before + Counter(counts)
        return [topic for topic in (topics or "").split(",") if topic]

    def sample(self, began: float, restarts: int) -> Sample:
        """What it holds, after a garbage collection."""
        self._browser.ask("HeapProfiler.collectGarbage")
        metrics = self._browser.ask("Performance.getMetrics")["metrics"]
        held = {one["name"]: one["value"] for one in metrics}
        processes = self._browser.processes()
        renderers = [one for one in processes if "--type=renderer" in one.cmdline()]
        return Sample(
            minute=round((time.monotonic() - began) / 60, 1),
            updates=self.heard["updates"],
            slides=self.heard["slides"],
            restarts=restarts,
            heap_kb=int(held["JSHeapUsedSize"]) // 1024,
            nodes=int(held["Nodes"]),
            listeners=int(held["JSEventListeners"]),
            renderer_mb=round(max(map(_memory, renderers)) / 1024**2, 1),
            connections=sum(map(self._connections, processes)),
        )

    def _connections(self, process: psutil.Process) -> int:
        ports = {self._served.settings.port, self._served.settings.live_port}
        held = process.net_connections("tcp")
        return sum(
            bool(one.raddr) and one.raddr.port in ports and one.status == psutil.CONN_ESTABLISHED
            for one in held
        )


def _memory(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


async def prepared(settings: Settings) -> tuple[str, int, int]:
    """The first screen's key and id, its slides a second each, and how many eight hours have."""
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        screen = (await screens(connection))[0]
        known = {one.id: one.playlist for one in await playlists(connection)}
        played = known.get(screen.setting.playlist or 0, STANDARD)
        usual = sum(slide.seconds for slide in played.slides) / len(played.slides)
        # Below what an administrator may set: time is what is to be saved here.
        quick = at_a_second_each(played)
        await connection.execute(
            """insert into playlist_version (playlist_id, body, person_id, recorded_at)
               values ($1, $2::jsonb, null, $3)""",
            screen.setting.playlist, msgspec.json.encode(quick).decode(), datetime.now(UTC),
        )  # fmt: skip
    finally:
        await connection.close()
    return key_of(settings.require_secret_key(), screen.id), screen.id, round(EIGHT_HOURS_S / usual)


def at_a_second_each(played: Playlist) -> Playlist:
    """The same list at a second a slide, at every hour of every day."""
    return msgspec.structs.replace(
        played,
        slides=tuple(
            msgspec.structs.replace(one, seconds=1, weekdays=(), since=None, until=None)
            for one in played.slides
        ),
    )


class Stirring(threading.Thread):
    """Signals what the screen listens to, all the time, from a thread of its own."""

    def __init__(self, settings: Settings, always: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self._settings = settings
        self.topics: Sequence[str] = always
        self.over = threading.Event()

    def run(self) -> None:
        """Go on until it is over."""
        asyncio.run(self._stir())

    async def _stir(self) -> None:
        async with Redis.from_url(self._settings.require_redis_url()) as redis:
            while not self.over.is_set():
                now = datetime.now(UTC)
                own = [one for one in self.topics if one.startswith(("screen", "contest"))]
                await signal(redis, own, now)
                for board in {*self.topics} - {*own}:
                    # As its worker would when its version rises.
                    told = Signal(board, int(now.timestamp() * 1000))
                    await redis.publish(SIGNALS, msgspec.json.encode(told))
                await asyncio.sleep(EVERY_S)


def run(
    served: World, browser: Chromium, minutes: float, updates: int
) -> tuple[list[Sample], Watched]:
    """Let the screen run until both the minutes are over and the updates came."""
    key, screen_id, slides = apart(prepared(served.settings))
    watched = Watched(browser, served, key)
    always = [SCREENS, screen_topic(screen_id)]
    stirring = Stirring(served.settings, always)
    stirring.start()
    began = time.monotonic()
    samples: list[Sample] = []
    restarts, every_s = 0, minutes * 60 / SAMPLES
    while True:
        passed = time.monotonic() - began
        done = watched.heard["updates"] >= updates and watched.heard["slides"] >= slides
        if passed >= minutes * 60 and (done or passed >= minutes * 60 * 3):
            break
        if passed >= every_s * (len(samples) + 1):
            samples.append(watched.sample(began, restarts))
            print(_row(astuple(samples[-1])), flush=True)
            if len(samples) % (SAMPLES // 5) == 0:
                served.restart_pages()
                restarts += 1
            if len(samples) % 2:
                served.answers(EMAILS["employee"], 1)
        stirring.topics = always + watched.count()
        time.sleep(LOOK_S)
    stirring.over.set()
    stirring.join()
    print(
        f"{passed / 60:.0f} minutes, {watched.heard['updates']:,} updates of {updates:,}, "
        f"{watched.heard['slides']:,} slides of {slides:,} in eight hours, "
        f"{watched.heard['looks']:,} looks, {restarts} restarts of the pages' process"
    )
    return samples, watched


def grown(samples: Sequence[Sample]) -> list[str]:
    """What is larger at the end than at the beginning, in words. Pure."""
    warm = samples[int(len(samples) * WARM_UP) :]
    quarter = max(len(warm) // 4, 1)
    said = []
    for name in HELD:
        # A board has more nodes than a note, and a moment shows one of them: the most of a round counts.
        of = max if name == "nodes" else median
        first, last = (
            of([getattr(one, name) for one in part]) for part in (warm[:quarter], warm[-quarter:])
        )
        # A single connection more or less is a keep-alive that ran out.
        over = last > max(first * GROWN, first + 1)
        print(f"{name:<12} {first:>10,.1f} → {last:>10,.1f}  {'GREW' if over else 'held'}")
        if over:
            said.append(f"{name} grew from {first:,.1f} to {last:,.1f}")
    return said


def _row(values: Sequence[object]) -> str:
    return "  ".join(f"{value!s:>11}" for value in values)


@contextmanager
def company() -> Iterator[World]:
    """A demo company with screens, served by the real processes."""
    directory = Path(tempfile.mkdtemp(prefix="fanfare-long-run-"))
    # As root, the account that PostgreSQL runs as passes through.
    directory.chmod(0o711)
    try:
        with services(Settings(data_dir=directory / "services"), tell=print) as settings:
            asyncio.run(migrate(settings.require_database_url()))
            with world(
                directory / "demo",
                settings.require_database_url(),
                settings.require_redis_url(),
                with_contests=True,
            ) as served:
                yield served
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def main() -> None:
    """Start a company, open a screen, watch it, say what grew."""
    options = argparse.ArgumentParser(prog="python -m tests.e2e.long_run", description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--updates", type=int, default=10_000)
    wanted = options.parse_args()
    with company() as served, Chromium() as browser:
        print(_row([field.name for field in fields(Sample)]), flush=True)
        samples, watched = run(served, browser, wanted.minutes, wanted.updates)
    faults = grown(samples)
    if errors := watched.heard["errors"]:
        faults.append(f"{errors} errors in the page")
    if faults:
        sys.exit("\n".join(faults))
    print("Nothing grew.")


if __name__ == "__main__":
    main()
