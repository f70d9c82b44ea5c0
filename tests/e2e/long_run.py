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
from typing import Any, Final

import asyncpg
import msgspec
import psutil
from playwright.sync_api import Browser, CDPSession, Page, Request, sync_playwright
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
from tests.chromium import ARGUMENTS, ensure
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


class Watched:
    """A screen's page, and what is counted of it."""

    def __init__(self, browser: Browser, served: World, key: str) -> None:
        self.heard: Counter[str] = Counter()
        self.errors: list[str] = []
        self._served = served
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        self.page: Page = context.new_page()
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._session: CDPSession = context.new_cdp_session(self.page)
        for domain in ("Performance", "HeapProfiler", "Network"):
            self._session.send(f"{domain}.enable")
        self._session.on("Network.eventSourceMessageReceived", self._told)
        self._processes = browser.new_browser_cdp_session()
        self.page.goto(f"{served.address}/screens/{key}")

    def sample(self, began: float, restarts: int) -> Sample:
        """What it holds, after a garbage collection."""
        self._session.send("HeapProfiler.collectGarbage")
        held = {
            one["name"]: one["value"]
            for one in self._session.send("Performance.getMetrics")["metrics"]
        }
        running = self._processes.send("SystemInfo.getProcessInfo")["processInfo"]
        renderers = [int(one["id"]) for one in running if one["type"] == "renderer"]
        every = [int(one["id"]) for one in running]
        return Sample(
            minute=round((time.monotonic() - began) / 60, 1),
            updates=self.heard["updates"],
            slides=self.heard["slides"],
            restarts=restarts,
            heap_kb=int(held["JSHeapUsedSize"]) // 1024,
            nodes=int(held["Nodes"]),
            listeners=int(held["JSEventListeners"]),
            renderer_mb=round(max(map(_memory, renderers)) / 1024**2, 1),
            connections=sum(map(self._connections, every)),
        )

    def topics(self) -> list[str]:
        """What the picture that is on listens to besides what all do."""
        found = self.page.locator("#stage").get_attribute("data-topics", timeout=30_000)
        return [topic for topic in (found or "").split(",") if topic]

    def _asked(self, request: Request) -> None:
        if "/now?" in request.url:
            self.heard["looks"] += 1
            self.heard["slides"] += "onward=1" in request.url

    def _told(self, _: Any) -> None:
        self.heard["updates"] += 1

    def _connections(self, pid: int) -> int:
        ports = {self._served.settings.port, self._served.settings.live_port}
        try:
            held = psutil.Process(pid).net_connections("tcp")
        except psutil.NoSuchProcess:
            return 0
        return sum(
            bool(one.raddr) and one.raddr.port in ports and one.status == "ESTABLISHED"
            for one in held
        )


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


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
    served: World, browser: Browser, minutes: float, updates: int
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
        stirring.topics = always + watched.topics()
        watched.page.wait_for_timeout(LOOK_S * 1000)
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
        first, last = (
            median(getattr(one, name) for one in part) for part in (warm[:quarter], warm[-quarter:])
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
    with company() as served, sync_playwright() as playwright:
        arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
        browser = playwright.chromium.launch(executable_path=ensure(), args=arguments)
        print(_row([field.name for field in fields(Sample)]), flush=True)
        samples, watched = run(served, browser, wanted.minutes, wanted.updates)
        browser.close()
    faults = grown(samples) + [f"an error in the page: {error}" for error in watched.errors]
    if faults:
        sys.exit("\n".join(faults))
    print("Nothing grew.")


if __name__ == "__main__":
    main()
