"""Where the figures on a page come from and how fresh they are: the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.pages.wall import label
from app.pages.words import clock_words
from app.screens.fresh import Fresh
from scoring import Heard, Period, company_zone, last_counted, last_heard, platforms, starts_on

HOLDS_S: Final = 20.0  # said in minutes
_BY: Final = {
    "webhook": "by webhook",
    "stream": "by stream",
    "poll": "asked for by Fanfare",
    "import": "from a file",
    "hand": "told by hand",
    "link": "by tracked link",
    "figure": "counted by the network",
    "carried": "the last count, standing in",
}


class HeardLately:
    """What this process knows of the last that came."""

    def __init__(self, pool: Any, setting: ZoneInfo) -> None:
        self._pool = pool
        self._setting = setting
        self._fresh: Fresh[list[Heard]] = Fresh(HOLDS_S, most=2)

    async def sentence(self, metric: str, now: datetime) -> str:
        """For the foot of a page whose figures are of a metric; followers are counted, not heard."""
        counted = metric in ("followers", "growth")
        ask = self._counted if counted else self._heard
        zone = company_zone(self._setting)
        return said(await self._fresh.get(counted, ask), now, zone, counted=counted)

    async def _heard(self) -> list[Heard]:
        today = starts_on(Period.DAY, datetime.now(UTC), UTC)  # as deliveries are filed
        async with self._pool.acquire() as connection:
            return await last_heard(connection, list(platforms()), today)

    async def _counted(self) -> list[Heard]:
        async with self._pool.acquire() as connection:
            return await last_counted(connection, list(platforms()))


def said(heard: Sequence[Heard], now: datetime, zone: ZoneInfo, *, counted: bool) -> str:
    """ "Heard last from Mastodon (by webhook, 3 min ago), X (by webhook, yesterday)." Pure."""
    what = "Followers counted last" if counted else "Heard last from"
    if not heard:
        return "No followers were counted yet." if counted else "No network was heard in two weeks."
    ago = clock_words(lambda: zone)["ago"]
    parts = [f"{label(one.platform)} ({way(one.source)}, {ago(one.at, now)})" for one in heard]
    return f"{what}{' on' if counted else ''} {', '.join(parts)}."


def way(source: str) -> str:
    """How something came, in words. Pure."""
    return _BY.get(source, source)
