"""A browser's EventSource, as little of it as the tests need: raw HTTP/1.1 on a socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Event:
    """A server-sent event."""

    event: str
    data: str
    id: str


class Stream:
    """An open stream; read it event by event."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.comments = 0

    @classmethod
    async def open(cls, port: int, *boards: object, since: str = "", **headers: str) -> Stream:
        """Ask for boards; returns once the response's head is there."""
        query = urlencode([("board", str(board)) for board in boards])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = [f"GET /live?{query} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if since:
            lines.append(f"Last-Event-ID: {since}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        stream = cls(reader, writer)
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).decode()
        stream.status = int(head.split()[1])
        for line in head.split("\r\n")[1:]:
            name, _, value = line.partition(":")
            stream.headers[name.lower()] = value.strip()
        return stream

    async def next(self, timeout_s: float = 10) -> Event | None:
        """The next event; None when the stream ended."""
        fields: dict[str, str] = {}
        while True:
            raw = await asyncio.wait_for(self._reader.readline(), timeout_s)
            if not raw:
                return None
            line = raw.decode().rstrip("\r\n")
            if line.startswith(":"):
                self.comments += 1
            elif ": " in line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif not line and "event" in fields:
                return Event(fields["event"], fields["data"], fields["id"])

    async def quiet(self, seconds: float) -> bool:
        """Whether no event comes for so long."""
        try:
            event = await self.next(seconds)
        except TimeoutError:
            return True
        return event is None

    async def close(self) -> None:
        self._writer.close()
