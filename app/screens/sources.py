"""What screens' pictures are made of, read for many screens at once.

Laws: nothing here is older than a tenth of a second, but a frame, a second, and a kind of slide that
had nothing to say or failed; however many screens ask, each thing is read once in that time.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

import asyncpg
import structlog
from redis.asyncio import Redis

from app.announcing.frame import Frame, frame
from app.announcing.frames import frame_now, material, rehearsed
from app.announcing.named import Audience
from app.screens.footer import Footer, footer
from app.screens.fresh import Fresh
from app.screens.invented import invented
from app.screens.language import languages
from app.screens.moments import SAID_FOR
from app.screens.playlist import Playlist, Slide
from app.screens.rehearsal import Rehearsal, rehearsals
from app.screens.roster import Roster
from app.screens.showing import Correction, Showing
from app.screens.slides import slide_kinds
from app.screens.slides.slide import Content, Sight
from app.settings import Settings
from rewards import Announcement, contest_by_slug, newest_correction, on_now, prepare
from scoring import REDIS_AWAY, Boards

_log = structlog.get_logger(__name__)

HOLDS_S: Final = 0.1  # browsers ask 0.12 s after a signal at the earliest
FRAME_HOLDS_S: Final = 1.0  # who hides is gone from it within one
NOTHING_HOLDS_S: Final = 2.0  # a list of forty slides that say nothing is not forty questions
FAILED_HOLDS_S: Final = 15.0
_VERSIONS: Final = 128


@dataclass(frozen=True, slots=True)
class Failed:
    """A slide that could not be made; why stands in the log."""

    kind: str


class Sources:
    """All that this process reads for screens."""

    def __init__(
        self, settings: Settings, pool: asyncpg.Pool[Any], redis: Redis, boards: Boards
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._redis = redis
        self._boards = boards
        self.roster = Roster(pool)
        self._frames: Fresh[Frame | None] = Fresh(FRAME_HOLDS_S, most=16)
        self._on: Fresh[Announcement | None] = Fresh(HOLDS_S)
        self._corrected: Fresh[tuple[int, Correction] | None] = Fresh(HOLDS_S)
        self._rehearsals: Fresh[dict[int, Rehearsal]] = Fresh(HOLDS_S)
        self._footers: Fresh[Footer] = Fresh(HOLDS_S)
        self._contents: Fresh[Content | Failed | None] = Fresh(HOLDS_S)
        self._versions: OrderedDict[int, tuple[object, str]] = OrderedDict()
        self._without: dict[object, tuple[float, Failed | None]] = {}

    async def playlist(self, id: int | None) -> Playlist:
        """What a screen plays."""
        return await self.roster.playlist(id)

    async def announcement(self, now: datetime) -> Announcement | None:
        """The announcement that is on, or the next one."""

        async def read() -> Announcement | None:
            async with self._pool.acquire() as connection:
                return await on_now(connection, now)

        return await self._on.get("on", read)

    async def frame(self, on: Announcement, audience: Audience, now: datetime) -> Frame | None:
        """The step of a reveal that is on, for an audience."""

        async def read() -> Frame | None:
            secret = self._settings.require_secret_key()
            async with self._pool.acquire() as connection:
                return await frame_now(connection, on, audience=audience, now=now, secret=secret)

        which = (on.id, len(on.events), on.position(now).step, audience)
        return await self._frames.get(which, read)

    def version(self, shown: Content | Frame | Correction) -> str:
        """Names what is shown: the same content has the same."""
        kept, name = self._versions.get(id(shown), (None, ""))
        if kept is not shown:
            name = blake2b(repr(shown).encode(), digest_size=8).hexdigest()
            # What is named is held on to, so that no other can take its id.
            self._versions[id(shown)] = shown, name
            while len(self._versions) > _VERSIONS:
                self._versions.popitem(last=False)
        return name

    async def correction(self, now: datetime) -> tuple[int, Correction] | None:
        """The newest correction that is still said now and then, with its id."""

        async def read() -> tuple[int, Correction] | None:
            async with self._pool.acquire() as connection:
                found = await newest_correction(connection, now - SAID_FOR)
                if found is None:
                    return None
                announced, event = found
                contest = await contest_by_slug(connection, announced.slug)
            return event.id, Correction(contest.charter.name, event.words or "", event.at)

        return await self._corrected.get("correction", read)

    async def rehearsal(self, screen_id: int, now: datetime) -> Rehearsal | None:
        """What is rehearsed on a screen; nothing while Redis is away."""

        async def read() -> dict[int, Rehearsal]:
            try:
                return await rehearsals(self._redis)
            except REDIS_AWAY:
                return {}

        found = (await self._rehearsals.get("all", read)).get(screen_id)
        return found if found and found.is_on(now) else None

    async def rehearsed(
        self, rehearsal: Rehearsal, audience: Audience, now: datetime
    ) -> Frame | None:
        """The step that a rehearsal is at; None when the contest has nothing to announce any more."""

        async with self._pool.acquire() as connection:
            prepared = await prepare(connection, rehearsal.contest_id, now)
            tried = rehearsed(prepared, line=rehearsal.line, starts_at=rehearsal.started_at)
            at = tried.position(now)
            if at.step is None:
                return None
            secret = self._settings.require_secret_key()
            read = await material(connection, prepared, now=now, secret=secret)
        read = invented(read) if rehearsal.invented else read
        return frame(tried, at.step, read, audience, next_at=at.next_at, rehearsal=True)

    async def footer(self, showing: Showing, now: datetime) -> Footer:
        """What stands beneath a picture: another contest than the one it is about."""
        besides = showing.frame.slug if showing.frame is not None else None

        async def read() -> Footer:
            async with self._pool.acquire() as connection:
                return await footer(connection, now, besides=besides)

        return await self._footers.get(besides, read)

    async def content(
        self, slide: Slide, audience: Audience, language: str, now: datetime
    ) -> Content | Failed | None:
        """What a slide shows an audience in a language: None where it has nothing to say now."""
        key = (slide.kind, tuple(sorted(slide.options.items())), audience, language)
        held_until, without = self._without.get(key, (0.0, None))
        if time.monotonic() < held_until:
            return without

        async def make() -> Content | Failed | None:
            made = await self._made(slide, audience, language, now)
            self._without.pop(key, None)
            if not isinstance(made, Content):
                holds_s = FAILED_HOLDS_S if made else NOTHING_HOLDS_S
                self._sweep()
                self._without[key] = (time.monotonic() + holds_s, made)
            return made

        return await self._contents.get(key, make)

    async def _made(
        self, slide: Slide, audience: Audience, language: str, now: datetime
    ) -> Content | Failed | None:
        known = languages()
        try:
            kind = slide_kinds()[slide.kind]
            async with self._pool.acquire() as connection:
                sight = Sight(
                    connection=connection,
                    redis=self._redis,
                    boards=self._boards,
                    settings=self._settings,
                    audience=audience,
                    language=known.get(language) or known["en"],
                    now=now,
                )
                return await kind.content(sight, slide.options)
        except Exception as error:  # noqa: BLE001 - logged with its traceback
            # Whatever a kind of slide raises, the other slides go on.
            _log.error("slide_failed", kind=slide.kind, slide=slide.key, exc_info=error)
            return Failed(slide.kind)

    def _sweep(self) -> None:
        """Forget what is over, so that nothing grows."""
        now = time.monotonic()
        for key in [key for key, (until, _) in self._without.items() if until < now]:
            del self._without[key]
