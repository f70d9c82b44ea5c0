"""A server of Mastodon, ours: it answers what Fanfare asks and streams as the real one does, by server-sent
events and by WebSocket, with the shapes of docs.joinmastodon.org."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve

PAGE = 40


@dataclass
class Instance:
    """One server. `domain` is the host in its accounts' names; `broken` answers everything with it, `shut`
    whoever wants a stream."""

    domain: str
    origin: str = ""
    streaming: str = ""
    tokens: dict[str, str] = field(default_factory=dict)  # token -> user
    given: dict[str, list[dict[str, Any]]] = field(
        default_factory=dict
    )  # notifications, oldest first
    statuses: list[dict[str, Any]] = field(default_factory=list)  # oldest first
    asked: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # who hung up a stream of lines
    broken: int | None = None
    shut: int | None = None
    left: int = 300
    reset_at: datetime | None = None
    _numbers: int = 115_000_000_000_000_000
    _ears: dict[str, list[tuple[str, asyncio.Queue[tuple[str, str] | None]]]] = field(
        default_factory=dict
    )

    # What happens ------------------------------------------------------------------------------------

    def number(self) -> str:
        """The next one; they rise."""
        self._numbers += 1
        return str(self._numbers)

    def account(self, user: str) -> dict[str, Any]:
        """An account of here, or `user@host` of elsewhere."""
        name, _, host = user.partition("@")
        host = host or self.domain
        return {
            "id": str(sum(map(ord, user))), "username": name, "acct": user,
            "url": f"https://{host}/@{name}", "uri": f"https://{host}/users/{name}",
            "followers_count": 12,
        }  # fmt: skip

    def write(self, user: str, text: str = "Hi", **other: Any) -> dict[str, Any]:
        """Somebody writes a post; their own stream tells it."""
        number = self.number()
        status = {
            "id": number, "created_at": datetime.now(UTC).isoformat(), "visibility": "public",
            "uri": f"https://{self.domain}/users/{user}/statuses/{number}", "in_reply_to_id": None,
            "url": f"https://{self.domain}/@{user}/{number}", "content": f"<p>{text}</p>",
            "reblog": None, "account": self.account(user), "mentions": [], "tags": [],
            "edited_at": None, **other,
        }  # fmt: skip
        self.statuses.append(status)
        self.tell(user, "update", status)
        return status

    def boost(self, user: str, status: dict[str, Any]) -> dict[str, Any]:
        """Somebody boosts a post; its author is notified if they are of here."""
        made = self.write(user, "", reblog=status)
        made["uri"] += "/activity"
        author = status["account"]["acct"]
        self.notify(author, "reblog", user, status)
        return made

    def take_back(self, user: str, status: dict[str, Any]) -> None:
        """Somebody deletes a post, or undoes a boost."""
        self.statuses.remove(status)
        self.tell(user, "delete", status["id"])

    def notify(
        self, user: str, kind: str, actor: str, status: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Somebody did something to a user of here."""
        told = {"id": self.number(), "type": kind, "created_at": datetime.now(UTC).isoformat(),
                "account": self.account(actor)}  # fmt: skip
        if status is not None:
            told["status"] = status
        self.given.setdefault(user, []).append(told)
        self.tell(user, "notification", told)
        return told

    def tell(self, user: str, event: str, payload: Any) -> None:
        """To whoever listens to a user's stream."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        for stream, ear in self._ears.get(user, []):
            if event == "notification" or not stream.endswith("notification"):
                ear.put_nowait((event, text))

    def hang_up(self) -> None:
        """End all streams."""
        for ears in self._ears.values():
            for _, ear in ears:
                ear.put_nowait(None)
        self._ears.clear()

    def left_by(self, user: str) -> bool:
        """Whether whoever listened to a user by lines has hung up."""
        return user in self.gone

    def listening(self, user: str) -> int:
        """How many streams of a user are open."""
        return len(self._ears.get(user, []))

    # What it answers ---------------------------------------------------------------------------------

    def answer(self, path: str, query: dict[str, str], user: str | None) -> tuple[int, Any]:
        """Status and body."""
        if self.broken is not None:
            return self.broken, {"error": "broken"}
        if self.left <= 0:
            return 429, {"error": "Too many requests"}
        if path.startswith("/api/v1/streaming"):
            return self.shut or 404, {"error": "No stream"}
        if path == "/api/v2/instance":
            return 200, {"domain": self.domain,
                         "configuration": {"urls": {"streaming": self.streaming}}}  # fmt: skip
        if user is None:
            return 401, {"error": "The access token is invalid"}
        last = path.rpartition("/")[2]
        if path == "/api/v1/accounts/verify_credentials":
            return 200, self.account(user)
        if path == "/api/v1/notifications":
            given = self.given.get(user, [])
            if "min_id" in query:
                given = [one for one in given if int(one["id"]) > int(query["min_id"])]
                given = given[: int(query["limit"])]
            return 200, given[-int(query["limit"]) :][::-1]
        if path.startswith("/api/v1/accounts/") and last == "statuses":
            mine = [one for one in self.statuses if one["account"]["acct"] == user]
            if "max_id" in query:
                mine = [one for one in mine if int(one["id"]) < int(query["max_id"])]
            return 200, mine[-int(query["limit"]) :][::-1]
        if path.startswith("/api/v1/statuses/"):
            found = [one for one in self.statuses if one["id"] == last]
            return (200, found[0]) if found else (404, {"error": "Record not found"})
        return 404, {"error": "Not found"}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request: an answer, or a stream of server-sent events."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *rest = head.split("\r\n")
            headers = dict(one.lower().split(": ", 1) for one in rest if ": " in one)
            token = headers.get("authorization", "").removeprefix("bearer ")
            user = {name.lower(): who for name, who in self.tokens.items()}.get(token)
            target = urlsplit(line.split()[1])
            self.asked.append(f"{user or '?'} {target.path}?{target.query}".rstrip("?"))
            streams = target.path.startswith("/api/v1/streaming/") and not (
                self.broken or self.shut
            )
            if streams and user:
                leaving = asyncio.create_task(self._until_left(reader, user))
                await self._by_lines(writer, user, target.path)
                leaving.cancel()
            else:
                query = {name: told[0] for name, told in parse_qs(target.query).items()}
                status, said = self.answer(target.path, query, user)
                body, more = json.dumps(said).encode(), f"X-RateLimit-Remaining: {self.left}\r\n"
                if self.reset_at is not None:
                    more += f"X-RateLimit-Reset: {self.reset_at.isoformat()}\r\n"
                writer.write(
                    f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n{more}"
                    f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        writer.close()

    async def _until_left(self, reader: asyncio.StreamReader, user: str) -> None:
        with suppress(ConnectionError):
            await reader.read(1)
        self.gone.append(user)

    async def _by_lines(self, writer: asyncio.StreamWriter, user: str, path: str) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n:)\n"
        )
        await writer.drain()
        async for event, text in self._heard(user, path):
            writer.write(f"event: {event}\ndata: {text}\n\n:thump\n".encode())
            await writer.drain()

    async def serve_socket(self, socket: ServerConnection) -> None:
        """A stream by WebSocket."""
        assert socket.request is not None
        token = socket.request.headers.get("Authorization", "").removeprefix("Bearer ")
        stream = parse_qs(urlsplit(socket.request.path).query)["stream"][0]
        if token not in self.tokens or self.broken:
            await socket.close(4001)
            return
        async for event, text in self._heard(self.tokens[token], stream):
            await socket.send(json.dumps({"stream": [stream], "event": event, "payload": text}))

    async def _heard(self, user: str, stream: str) -> AsyncIterator[tuple[str, str]]:
        self.opened.append(f"{user} {stream}")
        ear: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue()
        self._ears.setdefault(user, []).append((stream, ear))
        while (told := await ear.get()) is not None:
            yield told


@asynccontextmanager
async def instance(domain: str, *, socket: bool = False) -> AsyncIterator[Instance]:
    """A server as long as the context lasts. With `socket` its stream is at another address, as at many."""
    made = Instance(domain)
    async with AsyncExitStack() as servers:
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
        servers.callback(server.close)
        made.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        made.streaming = made.origin.replace("http", "ws")
        if socket:
            other = await servers.enter_async_context(serve(made.serve_socket, "127.0.0.1", 0))
            made.streaming = f"ws://127.0.0.1:{other.sockets[0].getsockname()[1]}"
        try:
            yield made
        finally:
            made.hang_up()
