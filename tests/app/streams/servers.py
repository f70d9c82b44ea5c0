"""Servers of Bluesky's streams, ours: they replay from a cursor as each of the three protocols says, and
remember who asked for what."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.protocol import State

from app.settings import Settings
from app.streams import Speaks
from tests.scoring.platforms.repositories import Operation, commit, frame

ADA = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa"
FAN = "did:plc:fanaaaaaaaaaaaaaaaaaaaaa"
POST = f"at://{ADA}/app.bsky.feed.post/3mxaaaaaaaa2a"
FIRST_US = 1_788_250_530_000_000
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_PATHS = {
    Speaks.JETSTREAM: "",
    Speaks.JETSTREAM_2: "/xrpc/network.bsky.jetstream.subscribeEvents",
    Speaks.SERVER: "/xrpc/com.atproto.sync.subscribeRepos",
}


@dataclass(frozen=True)
class Deed:
    """One thing done to one record, at a place of the stream: `seq` counts, the time is from the first."""

    seq: int
    did: str
    path: str
    record: dict[str, Any] | None = None  # None: deleted

    @property
    def at_us(self) -> int:
        """Its moment, a millisecond after the one before."""
        return FIRST_US + self.seq * 1_000

    @property
    def name(self) -> str:
        """The address of its record."""
        return f"at://{self.did}/{self.path}"

    @property
    def rev(self) -> str:
        """The revision of the commit that did it."""
        number, text = self.at_us << 10, ""
        for _ in range(13):
            number, letter = divmod(number, 32)
            text = _LETTERS[letter] + text
        return text

    def written(self, speaks: Speaks) -> str | bytes:
        """As each protocol tells it."""
        action = "delete" if self.record is None else "create"
        if speaks is Speaks.SERVER:
            operation: Operation = (action, self.path, self.record)
            return commit(self.seq, self.did, self.rev, operation)
        collection, _, key = self.path.partition("/")
        said: dict[str, Any] = {
            "rev": self.rev,
            "operation": action,
            "collection": collection,
            "rkey": key,
        }
        said |= {} if self.record is None else {"record": self.record, "cid": "bafy"}
        if speaks is Speaks.JETSTREAM:
            told: dict[str, Any] = {
                "did": self.did,
                "time_us": self.at_us,
                "kind": "commit",
                "commit": said,
            }
        else:
            told = {"$type": "message", "payload": {
                "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": self.seq,
                "did": self.did, "time": "2026-09-01T08:15:30.123456Z", **said}}  # fmt: skip
        return json.dumps(told)


def like(seq: int, did: str, post: str = POST) -> Deed:
    """Somebody likes a post."""
    record = {"createdAt": "2026-09-01T08:15:29.900Z", "subject": {"uri": post, "cid": "b"}}
    return Deed(seq, did, f"app.bsky.feed.like/{seq}", record)


def undone(seq: int, deed: Deed) -> Deed:
    """Somebody takes a deed back."""
    return Deed(seq, deed.did, deed.path)


def backlog(count: int, every: int) -> Iterator[Deed]:
    """Strangers' deeds among themselves; each so many one likes a post of Ada's."""
    for seq in range(1, count + 1):
        if seq % every == 0:
            yield like(seq, f"{FAN[:-6]}{seq:06}")
        else:
            yield like(seq, f"did:plc:s{seq % 97}", "at://did:plc:other/app.bsky.feed.post/1")


@dataclass
class Server:
    """A stream of ours. `refused` is what it answers a cursor with, and `behind` what it still has."""

    speaks: Speaks
    deeds: list[Deed] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    hellos: list[dict[str, Any]] = field(default_factory=list)
    frames: list[str | bytes] = field(default_factory=list)  # beside the deeds, first of all
    address: str = ""
    oldest: int = 0  # seq of the oldest deed that it still has
    pause_s: float = 0.0  # after each fifty, as a network is no faster than it is
    sent: int = 0
    sockets: list[ServerConnection] = field(default_factory=list)

    def since(self, asked: dict[str, list[str]]) -> int:
        """The first number to tell."""
        text = asked.get("cursor", [None])[0]
        if text is None:
            return 1 + max((deed.seq for deed in self.deeds), default=0)
        match self.speaks:
            case Speaks.JETSTREAM:
                return max((int(text) - FIRST_US) // 1_000, self.oldest)
            case Speaks.JETSTREAM_2:
                return self.oldest if int(text) >= 10**15 else int(text)
            case _:
                return max(int(text) + 1, self.oldest)

    def answer(self, socket: ServerConnection, request: Request) -> Response | None:
        """Refuse a cursor that is too old, as only Jetstream's second version does."""
        asked = parse_qs(urlsplit(request.path).query)
        if self.speaks is Speaks.JETSTREAM_2 and self.since(asked) < self.oldest:
            body = json.dumps({"error": "CursorTooOld", "message": f"floor {self.oldest}"})
            return socket.respond(HTTPStatus.BAD_REQUEST, body)
        return None

    async def serve(self, socket: ServerConnection) -> None:
        """Tell what there is, then what comes."""
        assert socket.request is not None
        asked = parse_qs(urlsplit(socket.request.path).query)
        self.asked.append(asked)
        self.sockets.append(socket)
        dids = set(asked.get("dids", []))
        if asked.get("requireHello") == ["true"]:
            hello = json.loads(await socket.recv())
            self.hellos.append(hello)
            dids = set(hello["payload"]["wantedDids"])
        since, tip = self.since(asked), max((deed.seq for deed in self.deeds), default=0)
        if self.speaks is Speaks.SERVER and since > tip + 1:
            await socket.send(frame("error", {"error": "FutureCursor", "message": "no"}))
            await socket.close(1008)
            return
        for other in self.frames:
            await socket.send(other)
        told = 0
        while socket.state is State.OPEN:
            for number, deed in enumerate(self.deeds[told:]):
                if deed.seq >= since and (not dids or deed.did in dids):
                    await socket.send(deed.written(self.speaks))
                    self.sent += 1
                if self.pause_s and number % 50 == 0:
                    await asyncio.sleep(self.pause_s)
                told += 1
            await asyncio.sleep(0.02)


@asynccontextmanager
async def served(speaks: Speaks, deeds: Sequence[Deed] = (), **other: Any) -> AsyncIterator[Server]:
    """A server as long as the context lasts; `fragment` is added to its address."""
    fragment = other.pop("fragment", "")
    made = Server(speaks, list(deeds), **other)
    async with serve(
        made.serve, "127.0.0.1", 0, process_request=made.answer, compression=None
    ) as server:
        port = server.sockets[0].getsockname()[1]
        made.address = f"ws://127.0.0.1:{port}{_PATHS[speaks]}{fragment}"
        yield made


def fanfare(settings: Settings, role: str) -> subprocess.Popen[bytes]:
    """A process of its own, as an installation starts it."""
    return subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", role],
        env={**os.environ, **settings.to_environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
