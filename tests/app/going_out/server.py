"""A small web server on this machine that says what it is told to say, and remembers what it heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar


@dataclass
class Heard:
    """One request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


def answer(status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """An answer in the bytes of HTTP/1.1."""
    told = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} As told\r\n{lines}\r\n".encode() + body


@dataclass
class Serving:
    """Answers by path; `raw` gives the bytes of an answer, also of one that is none."""

    port: int = 0
    raw: dict[str, Callable[[Heard], bytes]] = field(default_factory=dict)
    drips: dict[str, float] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(
        self,
        path: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        drip_s: float = 0.0,
    ) -> None:
        """Answer a path so from now on; `drip_s`: a byte of it at a time."""
        told = answer(status, headers, body)
        self.raw[path] = lambda _: told
        self.drips[path] = drip_s

    def told(self, heard: Heard) -> bytes:
        """What a request is answered with."""
        say = self.raw.get(heard.path)
        return answer(404) if say is None else say(heard)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            pairs = (line.partition(": ") for line in lines[1:-2])
            headers = {name.lower(): value for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            heard = Heard(method, target, headers, body)
            self.heard.append(heard)
            told = self.told(heard)
            drip_s = self.drips.get(heard.path, 0.0)
            for start in range(0, len(told), 1 if drip_s else len(told)):
                writer.write(told[start : start + (1 if drip_s else len(told))])
                await writer.drain()
                await asyncio.sleep(drip_s)
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # whoever asked went away, as some of these tests want
        finally:
            writer.close()


Kind = TypeVar("Kind", bound=Serving)


@asynccontextmanager
async def serving(made: Kind) -> AsyncIterator[Kind]:
    """It listens on a port of its own."""
    server = await asyncio.start_server(made.hear, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
