"""What the connections to one Bluesky stream tell, gathered until it is committed.

Law: memory is bounded: whoever fills it is read no further before that is committed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog
from websockets.asyncio.client import ClientConnection

from app.streams.addresses import Speaks, Stream
from app.streams.heap import Heap
from scoring import Sieve, read_frame

_log = structlog.get_logger(__name__)

# Repositories asked for at once; a stream waits no longer than some minutes.
_MOST_REREAD: Final = 200


class Refused(Exception):
    """The server ends the stream; the message is its name for why."""


@dataclass(slots=True)
class Line:
    """One connection, and how far it was heard; None before a stream without a past told anything."""

    socket: ClientConnection
    position: int | None


@dataclass(slots=True)
class Gathering:
    """The heap that is gathered now; `gaps` are what was not told, and is not noted yet."""

    stream: Stream
    heap: Heap = field(default_factory=Heap)
    gaps: int = 0
    _room: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self) -> Heap:
        """What was gathered; from now on the next is."""
        heap, self.heap = self.heap, self.heap.next()
        self._room.set()
        return heap

    async def hear(self, line: Line, sieve: Sieve) -> None:
        """Hear one connection until it ends, which is an error. Raises Refused."""
        hear = self._frame if self.stream.speaks is Speaks.SERVER else self._event
        while True:
            if self.heap.full:
                self._room.clear()
                await self._room.wait()
            hear(await line.socket.recv(decode=False), line, sieve)

    def _event(self, event: bytes, line: Line, sieve: Sieve) -> None:
        heard = sieve.heard(event)
        if heard is None:
            return
        if heard.refused is not None:
            raise Refused(heard.refused)
        if heard.position:
            line.position = max(line.position or 0, heard.position)
            self.heap.add(event, heard)
        elif heard.informed is not None:
            self._informed(heard.informed)

    def _frame(self, message: bytes, line: Line, sieve: Sieve) -> None:
        frame = read_frame(message)
        if frame.refused is not None:
            raise Refused(frame.refused)
        if frame.informed is not None:
            self._informed(frame.informed, sieve.dids)
        if frame.unreadable is not None:
            _log.warning("stream_unreadable", stream=self.stream.name, why=frame.unreadable)
        if frame.position is not None:
            line.position = max(line.position or 0, frame.position)
        for event in frame.events:
            if (heard := sieve.heard(event)) is not None:
                self.heap.add(event, heard)
        if frame.untold is not None and frame.untold in sieve.dids:
            self.heap.untold.add(frame.untold)

    def _informed(self, name: str, ours: frozenset[str] = frozenset()) -> None:
        _log.warning("stream_says", stream=self.stream.name, name=name)
        if name == "OutdatedCursor":
            self.gaps += 1
            # What ours did is asked for; what others did to them meanwhile nobody tells.
            self.heap.untold.update(sorted(ours)[:_MOST_REREAD])
