"""What the connections to one Bluesky stream tell, taken in batch after batch.

Law: what was heard and how far are committed together, so that a kill, a deployment or a day away loses
nothing and doubles nothing (what is heard again has the same name). What a server does not tell any more is
counted as a gap, never passed over in silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any, Final

import structlog

from app.ending import ended
from app.streams.addresses import Stream
from app.streams.gathering import Gathering, Line, Refused
from app.streams.heap import NETWORK, Heap
from app.streams.positions import beginning, begun_anew, least, missed
from app.streams.renaming import Renaming
from app.streams.rereading import Rereading
from scoring import Hearing, Sieve, StreamSeen, accounts_on, deeds_of, note_hearing, note_position

_log = structlog.get_logger(__name__)

COMMIT_EVERY_S: Final = 0.5
_MOST_PAUSE_S: Final = 60.0
_REREADS_S: Final = 120.0  # a batch waits no longer for what is asked for; the rest of it is a gap
_SILENT_S: Final = (
    600.0  # of a stream of the whole network: it lives, and has lost what it tells of
)
_NOTE_EVERY_S: Final = 60.0  # that we still listen, where nothing comes


class Silent(Exception):
    """A stream that is never silent says nothing."""


@dataclass(slots=True)
class TakingIn:
    """Of one stream, as long as this process listens to it."""

    stream: Stream
    now: Callable[[], datetime]
    look_every_s: float
    rereading: Rereading
    renaming: Renaming
    rereads_s: float = _REREADS_S
    events: int = 0  # heard by this process
    kept: int = 0  # of them, about people of ours
    again: int | None = None  # where to go on instead of where the last commit was
    _beginning: int | None = None  # of a stream that told nothing since it was heard first
    _noted_at: float = 0.0
    _anew_at: float = -inf
    _pause_s: float = 0.0
    _gathering: Gathering = field(init=False)

    def __post_init__(self) -> None:
        self._gathering = Gathering(self.stream)

    def forget(self) -> None:
        """What was not committed is told again."""
        self._gathering.take()

    async def begin(
        self, connection: Any, position: int | None, accounts: int, connections: int
    ) -> None:
        """The connections are open, from a position on."""
        self.again = None
        now = self.now()
        if position is None:
            self._beginning = beginning(self.stream, now)
            await note_position(connection, self.stream.name, self._beginning, now)
        else:
            self._gathering.gaps += await missed(connection, self.stream, position, now)
        words = f"{accounts:,} accounts, {connections} connections"
        await self.note(connection, Hearing.HEARD, words)
        _log.info("stream_heard", stream=self.stream.name, since=position, accounts=accounts)

    async def hear(
        self, connection: Any, lines: list[Line], ours: frozenset[str], ending: asyncio.Event
    ) -> float:
        """Take in what is told until told to end, or to connect anew: in how many seconds. The end of a
        connection is an error."""
        sieve = Sieve(ours)
        looked_at, before = time.monotonic(), least(line.position for line in lines)
        heard_at, heard = looked_at, self.events
        hearing: list[asyncio.Task[None]] = []
        try:
            hearing = [asyncio.create_task(self._gathering.hear(line, sieve)) for line in lines]
            while not ending.is_set():
                await asyncio.wait(
                    hearing, timeout=COMMIT_EVERY_S, return_when=asyncio.FIRST_COMPLETED
                )
                await self._commit(connection, lines)
                for over in (task for task in hearing if task.done()):
                    try:
                        over.result()
                    except Refused as refusal:
                        pause_s = await self.begun_anew(connection, str(refusal))
                        if pause_s is None:
                            raise
                        return pause_s
                if self.events > heard:
                    heard_at, heard = time.monotonic(), self.events
                elif self.stream.tells_of_all and time.monotonic() - heard_at > _SILENT_S:
                    raise Silent("it is open and has said nothing for ten minutes")
                if time.monotonic() - looked_at > self.look_every_s:
                    now_ours = await accounts_on(connection, NETWORK, self.now())
                    if now_ours != ours:
                        # Heard anew from where we last looked: somebody may have linked right after.
                        self.again = before if now_ours - ours else None
                        return 0.0
                    looked_at, before = time.monotonic(), least(line.position for line in lines)
        finally:
            await ended(hearing)
        await self._commit(connection, lines)
        return 0.0

    async def begun_anew(self, connection: Any, name: str) -> float | None:
        """Where a refusal says that our position is none, listening begins where it can: in how many seconds.
        A server that says so again and again is asked later and later."""
        begun = await begun_anew(connection, self.stream, name, self.now())
        if begun is None:
            return None
        self.again = begun.again
        self._gathering.gaps += begun.gap
        once = time.monotonic() - self._anew_at > _MOST_PAUSE_S * 2
        self._pause_s = 0.0 if once else min(max(self._pause_s * 2, 1.0), _MOST_PAUSE_S)
        self._anew_at = time.monotonic()
        return self._pause_s

    async def note(
        self, connection: Any, state: Hearing, words: str, *, heard: int = 0, kept: int = 0
    ) -> None:
        """Note how the stream is."""
        now, gaps = self.now(), self._gathering.gaps
        seen = StreamSeen(self.stream.name, NETWORK, state, words, now, now, heard, kept, gaps)
        await note_hearing(connection, seen)
        self._gathering.gaps -= gaps  # once they are written down
        self._noted_at = time.monotonic()

    async def _commit(self, connection: Any, lines: list[Line]) -> None:
        # Both before anything is waited for: what is heard meanwhile belongs to the next batch.
        heap, position = self._gathering.take(), least(line.position for line in lines)
        if position is None:
            position = self._beginning  # nothing was told yet, and we listened until now
        if heap.untold:
            await self._reread(connection, heap)
        now = self.now()
        self.events += heap.heard
        async with connection.transaction():
            kept = await heap.commit(connection, self.stream.name, position, now)
            self.kept += kept
            quiet = time.monotonic() - self._noted_at > _NOTE_EVERY_S
            if heap.heard or self._gathering.gaps or quiet:
                await self.note(connection, Hearing.HEARD, "", heard=heap.heard, kept=kept)
        self.renaming.told(heap.renamed)

    async def _reread(self, connection: Any, heap: Heap) -> None:
        """Ask for what the stream left out of repositories of ours, into the same batch."""
        known = await deeds_of(connection, NETWORK, heap.untold)
        until = time.monotonic() + self.rereads_s
        for did in sorted(heap.untold):
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    events = await self.rereading.events(did, known.get(did, ()))
            except TimeoutError:
                _log.warning(
                    "repository_not_told", stream=self.stream.name, did=did, why="too slow"
                )
                events = None
            if events is None:
                self._gathering.gaps += 1
            else:
                heap.reread += events
