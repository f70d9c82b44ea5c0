"""A television from its code to its screen, and what it does when the server is away."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import asyncpg
from playwright.sync_api import Page, expect
from redis.asyncio import Redis

from app.live.screens import screen_topic
from app.live.topics import signal
from app.screens.pairing import take
from app.screens.playlist import Playlist, Slide
from app.screens.playlists import save_playlist
from app.screens.screens import add_screen, reload_screen, revoke_screen
from app.screens.setting import Setting
from tests.e2e.conftest import Visit
from tests.e2e.world import World, _wait_for, apart

T = TypeVar("T")
NOTES = Playlist(
    "Notes",
    tuple(Slide(f"n{number}", "note", {"heading": f"Note {number}"}, 5) for number in range(3)),
)


def do(installation: World, work: Callable[[Any, Redis, datetime], Awaitable[T]]) -> T:
    """Something an administrator does, on the installation's own stores."""
    settings = installation.settings

    async def done() -> T:
        connection = await asyncpg.connect(settings.require_database_url())
        redis = Redis.from_url(settings.require_redis_url())
        try:
            return await work(connection, redis, datetime.now(UTC))
        finally:
            await redis.aclose()
            await connection.close()

    return apart(done())


def kept(tv: Page) -> bool:
    """Whether the worker has the page."""
    return bool(tv.evaluate("caches.match('/screens').then(Boolean)"))


def until(what: Callable[[], bool], timeout_s: float = 15) -> None:
    """Wait until something holds."""
    over = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < over
        time.sleep(0.1)


def paired(installation: World, tv: Page) -> int:
    """Type the code that a television shows; the screen's id."""
    code = tv.locator(".letters").inner_text()

    async def add(connection: Any, redis: Redis, now: datetime) -> int:
        playlist = await save_playlist(connection, None, NOTES, None, now)
        screen = await add_screen(
            connection,
            Setting("Canteen", audience="staff", playlist=playlist),
            pairing_sha256=await take(redis, code, 1),
            by=None,
            secret_key=installation.settings.require_secret_key(),
            now=now,
        )
        return screen.id

    return do(installation, add)


def test_a_screen_keeps_its_last_picture_while_the_server_is_away_and_comes_back_by_itself(
    installation: World, visit: Visit
) -> None:
    tv = visit("/screens", None, size=(1280, 720))
    screen = paired(installation, tv)
    expect(tv).to_have_url(re.compile(r"/screens/[a-z2-7]{32}$"))
    stage, away = tv.locator("#stage"), tv.locator("#away")
    expect(stage).to_contain_text("Note")
    expect(away).to_be_hidden()
    until(lambda: kept(tv))

    installation.children.stop("serve")
    expect(away).to_be_visible(timeout=15_000)
    expect(stage).to_contain_text("Note")
    # A player that starts again meanwhile, at the door as at its screen, sees the last page.
    for address in (tv.url, f"{installation.address}/screens"):
        tv.goto(address)
        expect(stage).to_contain_text("Note")
        expect(away).to_be_visible(timeout=15_000)

    installation.children.start("serve")
    _wait_for(f"{installation.address}/health/ready", installation.children)
    expect(away).to_be_hidden(timeout=25_000)
    shown = stage.get_attribute("data-key")
    expect(stage).not_to_have_attribute("data-key", shown or "")

    page = tv.locator("body").get_attribute("data-page") or ""

    async def reload(connection: Any, redis: Redis, now: datetime) -> None:
        await reload_screen(connection, screen, None, now)
        await signal(redis, [screen_topic(screen)], now)

    do(installation, reload)
    expect(tv.locator("body")).not_to_have_attribute("data-page", page)
    expect(stage).to_contain_text("Note")

    async def revoke(connection: Any, redis: Redis, now: datetime) -> None:
        await revoke_screen(connection, screen, None, now)
        await signal(redis, [screen_topic(screen)], now)

    do(installation, revoke)
    expect(tv.locator(".letters")).to_be_visible(timeout=10_000)
    until(lambda: not kept(tv))
