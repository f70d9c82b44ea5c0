"""One open connection's view of the signals. Pure but for its event.

Law: a slow browser is never sent what is outdated: until it takes the next frame, a newer signal
takes the place of the older one, so nothing queues.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence


class Listener:
    """What one connection watches, what it was sent, what waits for it."""

    __slots__ = ("_events", "_quiet", "_sent", "_waiting", "closed", "stirred")

    def __init__(
        self,
        events: Mapping[str, Sequence[str]],
        known: Mapping[str, int],
        quiet: Collection[str] = (),
    ) -> None:
        self._events = events  # board id → names of its events
        self._sent = dict(known)  # board id → version the browser knows
        self._quiet = quiet  # boards of which only news is told, not how they stand at first
        self._waiting: dict[str, int] = {}
        self.closed = False
        self.stirred = asyncio.Event()

    @property
    def boards(self) -> Sequence[str]:
        """What it watches, in the order of the request."""
        return tuple(self._events)

    def begin(self, versions: Mapping[str, int]) -> None:
        """The boards stand at these versions as the stream opens."""
        for board in self._events:
            version = versions.get(board, 0)
            if board in self._quiet:
                self._sent.setdefault(board, version)
            if version:
                self.tell(board, version)

    def tell(self, board: str, version: int) -> None:
        """A board has this version now."""
        if version != self._sent.get(board):
            self._waiting[board] = version
            self.stirred.set()

    def close(self) -> None:
        """End the stream as soon as it looks up."""
        self.closed = True
        self.stirred.set()

    def frames(self) -> bytes:
        """All that waits, as server-sent events; nothing waits afterwards.

        An event's id holds the versions of all watched boards, so that a browser that comes back
        says exactly what it knows. https://html.spec.whatwg.org/multipage/server-sent-events.html
        """
        self.stirred.clear()
        out: list[str] = []
        for board, version in self._waiting.items():
            if version != self._sent.get(board):
                self._sent[board] = version
                out += [
                    f"id: {self._id()}\nevent: {event}\ndata: {version}\n\n"
                    for event in self._events[board]
                ]
        self._waiting.clear()
        return "".join(out).encode()

    def _id(self) -> str:
        return ".".join(str(self._sent.get(board, 0)) for board in self._events)


def known_from(id_: str, boards: Sequence[str]) -> dict[str, int]:
    """What a browser knows, from the id of the last event it saw; an odd one means nothing."""
    versions = id_.split(".")
    if len(versions) != len(boards) or not all(v.isascii() and v.isdecimal() for v in versions):
        return {}
    return {board: int(v[:18]) for board, v in zip(boards, versions, strict=True) if int(v[:18])}
