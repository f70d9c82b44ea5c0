"""Laws of listening: nothing lost and nothing doubled over kills and rewinding, strangers left out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.protocol import State

from app.streams import Listener, Speaks, Stream
from app.streams.heap import Heap
from scoring import Named, Sieve, accounts_on, link, note_position, position_of
from scoring.identity import native_key
from tests.scoring.platforms.examples import read

ADA = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa"
FAN = "did:plc:fanaaaaaaaaaaaaaaaaaaaaa"
POST = f"at://{ADA}/app.bsky.feed.post/3mxaaaaaaaa2a"
FIRST = 1_788_250_530_000_000


def event(number: int, did: str, collection: str, key: str, record: Any = None) -> bytes:
    rev = f"3mxrev{number:07}"[:13]
    for digit, letter in zip("0189", "abcd", strict=True):  # a TID knows neither of them
        rev = rev.replace(digit, letter)
    commit: dict[str, Any] = {"rev": rev, "operation": "create" if record else "delete",
                              "collection": f"app.bsky.{collection}", "rkey": key}  # fmt: skip
    if record:
        commit["record"] = {"createdAt": "2026-09-01T08:15:29.900Z", **record}
    told = {"did": did, "time_us": FIRST + number, "kind": "commit", "commit": commit}
    return json.dumps(told).encode()


def like(number: int, did: str, post: str = POST) -> bytes:
    return event(number, did, "feed.like", f"like{number}", {"subject": {"uri": post, "cid": "b"}})


class Jetstream:
    """A stream of ours: replays from a cursor as Jetstream does, and remembers who asked for what."""

    def __init__(self, events: list[bytes]) -> None:
        self.events = events
        self.asked: list[dict[str, list[str]]] = []
        self.address = ""

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        asked = parse_qs(urlsplit(socket.request.path).query)
        self.asked.append(asked)
        since = int(asked.get("cursor", ["0"])[0])
        sent = 0
        while socket.state is State.OPEN:
            for told in self.events[sent:]:
                if json.loads(told).get("time_us", since) >= since:
                    await socket.send(told.decode())
            sent = len(self.events)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def jetstream(events: list[bytes]) -> AsyncIterator[Jetstream]:
    made = Jetstream(events)
    async with serve(made.serve, "127.0.0.1", 0) as server:
        made.address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made


@asynccontextmanager
async def listening(
    stream: str, database_url: str, look_every_s: float = 10.0
) -> AsyncIterator[Listener]:
    listener = Listener(
        Stream.of(stream), lambda: asyncpg.connect(database_url), look_every_s=look_every_s
    )
    ending = asyncio.Event()
    task = asyncio.create_task(listener.run(ending))
    try:
        yield listener
    finally:
        ending.set()
        await task


@pytest.fixture
async def ada(connection: asyncpg.Connection) -> int:
    """Somebody with an account on Bluesky."""
    now = datetime(2026, 8, 1, tzinfo=UTC)
    person: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", now
    )
    await link(connection, person, "bluesky", Named(ADA, "ada.example.com"), "every", now)
    return person


async def bodies(connection: asyncpg.Connection, events: int) -> list[Any]:
    """All events that were stored, once there are so many."""
    told: list[Any] = []
    for _ in range(1200):
        rows = await connection.fetch(
            "select body, source from delivery where platform = 'bluesky'"
        )
        told = [one for row in rows for one in json.loads(row["body"])]
        if len(told) >= events:
            break
        await asyncio.sleep(0.05)
    return told


async def test_what_is_about_people_of_ours_is_stored_and_strangers_are_not(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    strangers = [
        like(n, f"did:plc:s{n}", "at://did:plc:other/app.bsky.feed.post/1") for n in range(50)
    ]
    ours = [like(60, FAN), event(61, ADA, "feed.post", "p", {"text": "Hi"})]
    async with jetstream([*strangers, *ours]) as server:
        await note_position(connection, server.address, FIRST, datetime.now(UTC))
        async with listening(server.address, database_url) as listener:
            told = await bodies(connection, 2)
    assert [one["did"] for one in told] == [FAN, ADA]
    assert (listener.events, listener.kept) == (52, 2)
    assert await connection.fetchval("select source from delivery") == "stream"
    assert await connection.fetchval("select count(*) from pending_delivery") == 1
    assert await position_of(connection, server.address) == FIRST + 61
    assert server.asked[0]["wantedCollections"][0] == "app.bsky.feed.post"


async def test_after_an_end_listening_goes_on_a_little_before_where_it_was(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    async with jetstream([like(n * 1_000_000, f"{FAN}{n}") for n in range(20)]) as server:
        await note_position(connection, server.address, FIRST, datetime.now(UTC))
        async with listening(server.address, database_url):
            await bodies(connection, 20)
        server.events.append(like(20_000_000, f"{FAN}x"))
        async with listening(server.address, database_url):
            told = await bodies(connection, 27)
    assert server.asked[1]["cursor"] == [str(FIRST + 19_000_000 - 5_000_000)]
    names = {(one["did"], one["commit"]["rkey"]) for one in told}
    assert len(names) == 21  # what was heard twice has the same name


async def test_a_deletion_by_a_stranger_is_kept_only_where_its_deed_is_known(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    await connection.execute(
        """insert into post (post_id, author_id, platform, native_id, published_at, recorded_at)
           select $1, id, 'bluesky', 'x', $2, $2 from account limit 1""",
        native_key("bluesky", f"at://{FAN}/app.bsky.feed.like/known"),
        now,
    )
    gone = [event(n, FAN, "feed.like", key) for n, key in enumerate(("unknown", "known", "other"))]
    async with (
        jetstream([*gone, like(9, FAN)]) as server,
        listening(server.address, database_url),
    ):
        told = await bodies(connection, 2)
    assert sorted(one["commit"]["rkey"] for one in told) == ["known", "like9"]


async def test_an_account_that_is_gone_takes_along_what_nobody_has_read_yet(
    connection: asyncpg.Connection, ada: int
) -> None:
    now, sieve, other = datetime(2026, 9, 1, tzinfo=UTC), Sieve([ADA]), "did:plc:somebodyelse"
    gone = {"did": FAN, "time_us": FIRST + 9, "kind": "account",
            "account": {"did": FAN, "active": False, "status": "takendown"}}  # fmt: skip
    # A batch, and another one in which it goes, as when a day is caught up with.
    for told in ([like(1, FAN), like(2, other)], [like(3, FAN), json.dumps(gone).encode()]):
        heap = Heap()
        for one in told:
            heard = sieve.heard(one)
            assert heard is not None
            heap.add(one, heard)
        await heap.commit(connection, "wss://j.example", FIRST, now)
    undone = {
        (one["did"], one["commit"]["rkey"])
        for one in await bodies(connection, 0)
        if one["kind"] == "commit" and one["commit"]["operation"] == "delete"
    }
    assert undone == {(FAN, "like1"), (FAN, "like3")}


async def test_an_account_that_is_unlinked_is_listened_to_no_more(
    connection: asyncpg.Connection, ada: int
) -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    assert await accounts_on(connection, "bluesky", now) == {ADA}
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           select account_id, $1, null, false, null, $1 from ownership""",
        now,
    )
    assert await accounts_on(connection, "bluesky", now) == frozenset()


async def test_how_far_a_stream_was_heard_never_goes_back(connection: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    for position in (5, 9, 7):
        await note_position(connection, "ws://x", position, now)
    assert await position_of(connection, "ws://x") == 9
    assert await position_of(connection, "ws://y") is None


def test_an_address_asks_for_what_each_version_understands() -> None:
    first = Stream.of("wss://j.example")
    assert first.url(None).startswith("wss://j.example/subscribe?wantedCollections=")
    assert Stream.of("wss://j.example/").url(9_000_000).endswith("&cursor=4000000")
    second = Stream.of("wss://j.example/xrpc/network.bsky.jetstream.subscribeEvents").url(7)
    assert "?collections=app.bsky.feed.post&" in second
    assert second.endswith("&cursor=7")
    server = Stream.of("wss://pds.example/xrpc/com.atproto.sync.subscribeRepos")
    assert server.speaks is Speaks.SERVER
    assert server.url(None) == server.name
    assert server.url(7) == f"{server.name}?cursor=7"


def test_thousands_of_people_are_asked_for_in_bounded_batches() -> None:
    people = [f"did:plc:{n:024}" for n in range(25_000)]
    first = Stream.of("wss://j.example#ours")
    parts = first.asked(people)
    assert [len(part) for part in parts] == [10_000, 10_000, 5_000]
    assert sorted(did for part in parts for did in part) == people
    assert "requireHello=true" in first.url(None, parts[0])
    hello = first.hello(parts[2])
    assert hello is not None
    assert json.loads(hello)["payload"]["wantedDids"] == list(parts[2])
    second = Stream.of("wss://j.example/xrpc/network.bsky.jetstream.subscribeEvents#ours")
    parts = second.asked(people[:2_000])
    assert sorted(did for part in parts for did in part) == people[:2_000]
    assert all(len(second.url(None, part)) < 8_000 for part in parts)
    assert second.hello(parts[0]) is None
    # More than so many connections hold: everything is heard, and strangers are left out here.
    assert second.asked(people) == [()]
    assert Stream.of("wss://j.example").asked(people) == [()]


@pytest.mark.parametrize(
    "name",
    ["post", "like", "like_v2", "reply", "company_quotes", "company_quotes_with_a_picture", "follow",
     "company_reposts", "post_v2"],
)  # fmt: skip
def test_whatever_names_somebody_of_ours_passes_the_sieve(name: str) -> None:
    told = json.dumps(json.loads(read("bluesky", name))).encode()
    heard = Sieve([ADA]).heard(told)
    assert heard is not None
    assert heard.matters
    assert heard.position > 0
    stranger = Sieve(["did:plc:nobody"]).heard(told)
    assert stranger is not None
    assert not stranger.matters


@pytest.mark.parametrize("event", [b"", b"[", b"7", b'{"did":7}', b"\xff", b"[" * 100_000])
def test_an_event_that_cannot_be_read_is_passed_over(event: bytes) -> None:
    assert Sieve([ADA]).heard(event) is None
