"""Laws of listening with real processes: kill -9 at any moment, a day away, a server that began anew; nothing
is lost and nothing counts twice, whichever of the three protocols tells it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from app.going_out import going_out
from app.settings import Settings
from app.streams import Listener, Speaks, Stream
from scoring import Named, link, note_position, streams_seen
from tests.app.going_out.server import serving
from tests.app.proofs.at_network import DID, Network
from tests.app.streams.servers import (
    ADA,
    FAN,
    FIRST_US,
    Deed,
    Server,
    backlog,
    fanfare,
    like,
    served,
    undone,
)
from tests.scoring.platforms.repositories import frame

EVERY = pytest.mark.parametrize("speaks", list(Speaks), ids=lambda one: one.name.lower())
NOW = datetime(2026, 8, 1, tzinfo=UTC)
KILLS = 1  # each costs two starts of a process


@pytest.fixture
async def ada(connection: asyncpg.Connection) -> int:
    """Somebody with an account on Bluesky."""
    person: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", NOW
    )
    await link(connection, person, "bluesky", Named(ADA, "ada.example.com"), "every", NOW)
    return person


async def names(connection: asyncpg.Connection) -> list[str]:
    """The addresses of all records that were stored, as often as they were."""
    rows = await connection.fetch("select body from delivery where platform = 'bluesky'")
    told = []
    for event in (event for row in rows for event in json.loads(row["body"])):
        did = event.get("did") or event["payload"]["did"]
        said = event.get("commit") or event["payload"]
        told.append(f"{said['operation']} at://{did}/{said['collection']}/{said['rkey']}")
    return told


async def stored(connection: asyncpg.Connection, wanted: set[str], timeout_s: float = 120) -> None:
    """Once all of it is stored."""
    try:
        async with asyncio.timeout(timeout_s):
            while not wanted <= set(await names(connection)):
                await asyncio.sleep(0.05)
    except TimeoutError:
        missing = wanted - set(await names(connection))
        pytest.fail(f"{len(missing)} of {len(wanted)} never came: {sorted(missing)[:3]}")


def expected(deeds: list[Deed]) -> set[str]:
    return {f"create {deed.name}" for deed in deeds if deed.did.startswith(FAN[:-6])}


async def handles(connection: asyncpg.Connection) -> set[str]:
    """Under which handles accounts are shown."""
    return {row["handle"] for row in await connection.fetch("select handle from account_face")}


class Hearing:
    """A listener in this process."""

    def __init__(self, server: Server, database_url: str, look_every_s: float = 10.0) -> None:
        self.listener = Listener(
            Stream.of(server.address),
            lambda: asyncpg.connect(database_url),
            look_every_s=look_every_s,
        )
        self.ending = asyncio.Event()

    async def __aenter__(self) -> Listener:
        self.task = asyncio.create_task(self.listener.run(self.ending))
        return self.listener

    async def __aexit__(self, *_: object) -> None:
        self.ending.set()
        await self.task


@EVERY
async def test_a_listener_killed_at_any_moment_loses_nothing_and_counts_nothing_twice(
    connection: asyncpg.Connection, database_url: str, redis_url: str, ada: int, speaks: Speaks
) -> None:
    deeds = list(backlog(6_000, 20))
    wanted = expected(deeds)
    chance = random.Random()
    async with served(speaks, deeds, pause_s=0.02) as server:
        settings = Settings(database_url=database_url, redis_url=redis_url).with_secrets(
            "bluesky", stream=server.address
        )
        await note_position(connection, server.address, 0 if speaks is not Speaks.JETSTREAM
                            else deeds[0].at_us, NOW)  # fmt: skip
        for _ in range(KILLS):
            before = len(server.asked)
            listener = fanfare(settings, "listen")
            async with asyncio.timeout(120):
                while len(server.asked) == before:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.3 + chance.random())
            listener.kill()
            await asyncio.to_thread(listener.wait)
        server.pause_s = 0.0
        listener = fanfare(settings, "listen")
        worker = fanfare(settings, "worker")
        try:
            await stored(connection, wanted)
            async with asyncio.timeout(120):
                while await connection.fetchval("select count(*) from pending_delivery"):
                    await asyncio.sleep(0.05)
        finally:
            for process in (listener, worker):
                process.kill()
                await asyncio.to_thread(process.wait)
    assert set(await names(connection)) == wanted
    rows = await connection.fetch("select native_id, kind from engagement")
    assert sorted(row["native_id"] for row in rows) == sorted(
        name.removeprefix("create ") for name in wanted
    )
    assert {row["kind"] for row in rows} == {"reaction"}


@EVERY
async def test_after_a_day_away_all_of_the_day_is_heard(
    connection: asyncpg.Connection, database_url: str, ada: int, speaks: Speaks
) -> None:
    deeds = list(backlog(5_000, 100))
    async with served(speaks, deeds) as server:
        position = deeds[999].at_us if speaks is Speaks.JETSTREAM else deeds[999].seq
        await note_position(connection, server.address, position, NOW)
        async with Hearing(server, database_url):
            await stored(connection, expected(deeds[1_000:]))
        (seen,) = await streams_seen(connection)
    assert seen.kept >= 40
    # A Jetstream of the first version says nothing of what it has not any more: it is counted here.
    assert seen.gaps == (1 if speaks is Speaks.JETSTREAM else 0)


@EVERY
async def test_a_deed_that_is_undone_before_it_was_read_is_undone(
    connection: asyncpg.Connection, database_url: str, ada: int, speaks: Speaks
) -> None:
    liked, later = like(1, FAN), like(2, FAN)
    unknown = undone(4, Deed(9, "did:plc:stranger", "app.bsky.feed.like/9"))
    async with served(speaks, [liked, later]) as server:
        await note_position(connection, server.address, 0 if speaks is not Speaks.JETSTREAM
                            else liked.at_us, NOW)  # fmt: skip
        async with Hearing(server, database_url):
            await stored(connection, expected([liked, later]))
            server.deeds += [undone(3, liked), unknown, undone(5, later)]
            await stored(connection, {f"delete {liked.name}", f"delete {later.name}"})
    assert f"delete {unknown.name}" not in await names(connection)


@EVERY
async def test_whoever_links_an_account_is_heard_from_that_moment_on(
    connection: asyncpg.Connection, database_url: str, ada: int, speaks: Speaks
) -> None:
    ben = "did:plc:benbbbbbbbbbbbbbbbbbbbbb"
    post = f"at://{ben}/app.bsky.feed.post/1"
    async with served(speaks, [like(1, FAN)]) as server:
        await note_position(connection, server.address, 0 if speaks is not Speaks.JETSTREAM
                            else like(0, FAN).at_us, NOW)  # fmt: skip
        async with Hearing(server, database_url, look_every_s=1.0):
            await stored(connection, expected([like(1, FAN)]))
            await link(connection, ada, "bluesky", Named(ben, "ben.example.com"), "every", NOW)
            server.deeds.append(like(2, FAN, post))  # before the listener looks who there is
            await stored(connection, expected([like(2, FAN, post)]))


async def test_a_server_that_began_anew_is_heard_from_its_beginning(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    deeds = [like(1, FAN), like(2, FAN)]
    async with served(Speaks.SERVER, deeds) as server:
        await note_position(connection, server.address, 7_000, NOW)
        async with Hearing(server, database_url):
            await stored(connection, expected(deeds))
        assert [asked.get("cursor") for asked in server.asked] == [["7000"], ["0"]]
        (seen,) = await streams_seen(connection)
        assert seen.gaps == 1


async def test_a_cursor_too_old_is_a_gap_and_the_rest_is_heard(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    deeds = list(backlog(50, 10))
    async with served(Speaks.JETSTREAM_2, deeds, oldest=20) as server:
        await note_position(connection, server.address, 3, NOW)
        async with Hearing(server, database_url):
            await stored(connection, expected(deeds[19:]))
        (seen,) = await streams_seen(connection)
    assert seen.gaps == 1
    assert f"create {deeds[9].name}" not in await names(connection)


@EVERY
async def test_what_comes_after_a_kill_before_anything_was_told_is_heard(
    connection: asyncpg.Connection, database_url: str, ada: int, speaks: Speaks
) -> None:
    async with served(speaks) as server:
        async with Hearing(server, database_url), asyncio.timeout(120):
            while not await streams_seen(connection):
                await asyncio.sleep(0.02)
        now = like((int(datetime.now(UTC).timestamp() * 1_000_000) - FIRST_US) // 1_000, FAN)
        server.deeds.append(now)  # while nobody listened
        async with Hearing(server, database_url):
            await stored(connection, expected(server.deeds), timeout_s=20)


async def test_an_account_that_is_gone_takes_all_it_did_along(
    connection: asyncpg.Connection, database_url: str, redis_url: str, ada: int
) -> None:
    deeds = [like(1, FAN), like(2, FAN)]
    settings = Settings(database_url=database_url, redis_url=redis_url)
    async with served(Speaks.SERVER, deeds) as server:
        await note_position(connection, server.address, 0, NOW)
        worker = fanfare(settings, "worker")
        try:
            async with Hearing(server, database_url), asyncio.timeout(120):
                while await connection.fetchval("select count(*) from engagement") < 2:
                    await asyncio.sleep(0.05)
                server.frames = [
                    frame("account", {"seq": 3, "did": FAN, "active": False, "status": "deleted"}),
                ]
                await server.sockets[-1].close()  # it tells them on the next connection
                while await connection.fetchval("select count(*) from removal") < 2:
                    await asyncio.sleep(0.05)
        finally:
            worker.kill()
            await asyncio.to_thread(worker.wait)


async def test_an_account_is_shown_under_a_new_handle_only_where_it_leads_there_and_back(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    await link(connection, ada, "bluesky", Named(DID, "ana.old.example"), "every", NOW)
    # Whatever their own servers say: one handle is not hers, the other is.
    told = [
        frame("identity", {"seq": 1, "did": ADA, "handle": "handle.invalid"}),
        frame("identity", {"seq": 2, "did": DID, "handle": "the.boss.example"}),
    ]
    async with serving(Network()) as network, served(Speaks.SERVER, [], frames=told) as server:
        await note_position(connection, server.address, 0, NOW)
        settings = Settings(database_url=database_url, peers=network.peers)
        async with going_out(settings) as outside:
            hearing = Hearing(server, database_url)
            hearing.listener = Listener(
                Stream.of(server.address), lambda: asyncpg.connect(database_url), outside=outside
            )
            async with hearing, asyncio.timeout(60):
                while "ana.example" not in (shown := await handles(connection)):
                    assert shown == {"ada.example.com", "ana.old.example"}
                    await asyncio.sleep(0.02)
    assert shown == {"ada.example.com", "ana.example"}


async def test_many_connections_hear_everybody_of_ours_and_go_on_where_the_slowest_was(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    people = [f"did:plc:{n:024}" for n in range(320)]
    for did in people:
        await link(connection, ada, "bluesky", Named(did, did), "every", NOW)
    posts = [
        Deed(n + 1, did, f"app.bsky.feed.post/{n}", {"text": "Hi", "createdAt": "2026-09-01T08:00:00Z"})
        for n, did in enumerate(people)
    ]  # fmt: skip
    async with served(Speaks.JETSTREAM_2, posts, fragment="#ours") as server:
        await note_position(connection, server.address, 1, NOW)
        async with Hearing(server, database_url):
            await stored(connection, {f"create {post.name}" for post in posts})
        first = [int(asked["cursor"][0]) for asked in server.asked]
        assert len(first) == 3
        assert sorted(d for asked in server.asked for d in asked["dids"]) == sorted([ADA, *people])
        async with Hearing(server, database_url), asyncio.timeout(120):
            while len(server.asked) < 6:
                await asyncio.sleep(0.02)
        again = {int(asked["cursor"][0]) for asked in server.asked[3:]}
    assert first == [1, 1, 1]
    assert len(again) == 1
    assert again.pop() <= 320


async def test_a_jetstream_hears_of_thousands_by_a_hello(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    async with (
        served(Speaks.JETSTREAM, [], fragment="#ours") as server,
        Hearing(server, database_url),
        asyncio.timeout(60),
    ):
        while not server.hellos:
            await asyncio.sleep(0.02)
    (hello,) = server.hellos
    assert hello["type"] == "options_update"
    assert hello["payload"]["wantedDids"] == [ADA]
    assert "wantedDids" not in server.asked[0]


@pytest.mark.parametrize("speaks", [Speaks.JETSTREAM, Speaks.JETSTREAM_2], ids=["v1", "v2"])
async def test_a_week_in_which_our_own_accounts_did_nothing_is_no_gap(
    connection: asyncpg.Connection, database_url: str, ada: int, speaks: Speaks
) -> None:
    # Who hears only what they do was told last a week ago, and listened until a moment ago.
    post = Deed(
        30, ADA, "app.bsky.feed.post/30", {"text": "Hi", "createdAt": "2026-09-01T08:00:00Z"}
    )
    async with served(speaks, [post], fragment="#ours", oldest=20) as server:
        position = post.at_us - 7_000 if speaks is Speaks.JETSTREAM else 3
        await note_position(connection, server.address, position, datetime.now(UTC))
        async with Hearing(server, database_url):
            await stored(connection, {f"create {post.name}"})
        (seen,) = await streams_seen(connection)
    assert seen.gaps == 0


@pytest.mark.parametrize("said", [{"error": "ConsumerTooSlow"}, {"error": "Other"}])
async def test_a_server_that_ends_the_stream_is_asked_again_from_where_we_were(
    connection: asyncpg.Connection, database_url: str, ada: int, said: dict[str, Any]
) -> None:
    async with served(Speaks.SERVER, [like(1, FAN)], frames=[frame("error", said)]) as server:
        await note_position(connection, server.address, 0, NOW)
        async with Hearing(server, database_url):
            async with asyncio.timeout(120):
                while not server.asked:
                    await asyncio.sleep(0.02)
            server.frames.clear()
            await stored(connection, expected(server.deeds))
        assert [asked["cursor"] for asked in server.asked[:2]] == [["0"], ["0"]]


@asynccontextmanager
async def repository(
    records: dict[str, dict[str, Any]], statuses: list[int], until: asyncio.Event | None = None
) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that tells records by com.atproto.repo.listRecords, two a page; `statuses` are its first
    answers' where it does not answer well; it says nothing `until` then."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = urlsplit((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        asked.append(target.query)
        if until is not None:
            await until.wait()
        query = {name: told[0] for name, told in parse_qs(target.query).items()}
        whole = [
            {"uri": uri, "cid": "b", "value": record}
            for uri, record in sorted(records.items(), reverse=True)
            if f"/{query['collection']}/" in uri and uri < query.get("cursor", "~")
        ]
        said: dict[str, Any] = {"records": whole[:2]}
        if len(whole) > 2:
            said["cursor"] = whole[1]["uri"]
        body = json.dumps(said).encode()
        status = statuses.pop(0) if statuses else 200
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
                     % (status, len(body), body))  # fmt: skip
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@pytest.mark.parametrize("statuses", [[], [503]], ids=["well", "away at first"])
async def test_what_a_server_leaves_out_of_its_stream_is_asked_for_before_it_goes_on(
    connection: asyncpg.Connection, database_url: str, ada: int, statuses: list[int]
) -> None:
    posts = {
        f"at://{ADA}/app.bsky.feed.post/{n}": {"text": "Hi", "createdAt": "2026-09-01T08:00:00Z"}
        for n in range(5)
    }
    too_big = frame("commit", {"seq": 5, "repo": ADA, "rev": "3mxreveaaaa2c", "blocks": b"",
                               "ops": [], "tooBig": True})  # fmt: skip
    stranger = frame("sync", {"seq": 6, "did": FAN, "rev": "3mxreveaaaa2c", "blocks": b""})
    async with (
        repository(posts, statuses) as (origin, asked),
        served(Speaks.SERVER, [], frames=[too_big, stranger]) as server,
    ):
        await note_position(connection, server.address, 0, NOW)
        peer = f"{server.address.replace('ws', 'http', 1).partition('/xrpc')[0]}={origin}"
        settings = Settings(database_url=database_url, peers=(peer,))
        async with going_out(settings) as outside:
            hearing = Hearing(server, database_url)
            hearing.listener = Listener(
                Stream.of(server.address), lambda: asyncpg.connect(database_url), outside=outside
            )
            async with hearing:
                await stored(connection, {f"create {name}" for name in posts})
        (seen,) = await streams_seen(connection)
    assert seen.gaps == 0
    assert not [query for query in asked if FAN in query]


async def test_what_is_heard_while_a_server_is_asked_is_never_passed_over(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    answers = asyncio.Event()
    too_big = frame("commit", {"seq": 5, "repo": ADA, "rev": "3mxreveaaaa2c", "blocks": b"",
                               "ops": [], "tooBig": True})  # fmt: skip
    async with (
        repository({}, [], answers) as (origin, asked),
        served(Speaks.SERVER, [], frames=[too_big]) as server,
    ):
        await note_position(connection, server.address, 0, NOW)
        peer = f"{server.address.replace('ws', 'http', 1).partition('/xrpc')[0]}={origin}"
        async with going_out(Settings(database_url=database_url, peers=(peer,))) as outside:
            hearing = Hearing(server, database_url)
            hearing.listener = Listener(
                Stream.of(server.address), lambda: asyncpg.connect(database_url), outside=outside
            )
            async with hearing, asyncio.timeout(60):
                while not asked:
                    await asyncio.sleep(0.01)
                server.deeds.append(like(9, FAN))
                while not server.sent:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.1)  # it is heard, and the question still open
                answers.set()
                stored = 0
                while not stored:
                    # A kill at any of these moments: what lies before the position must be there.
                    position, stored = await connection.fetchrow(
                        "select (select position from stream_position), (select count(*) from delivery)"
                    )
                    assert position < 9 or stored
                    await asyncio.sleep(0.01)


async def test_what_cannot_be_asked_for_is_a_gap_and_the_stream_goes_on(
    connection: asyncpg.Connection, database_url: str, ada: int
) -> None:
    untold = frame("sync", {"seq": 5, "did": ADA, "rev": "3mxreveaaaa2c", "blocks": b""})
    async with served(Speaks.SERVER, [like(9, FAN)], frames=[untold]) as server:
        await note_position(connection, server.address, 0, NOW)
        async with Hearing(server, database_url):
            await stored(connection, expected(server.deeds))
        (seen,) = await streams_seen(connection)
    assert seen.gaps == 1


async def test_one_process_listens_at_a_time_and_another_takes_over(
    connection: asyncpg.Connection, database_url: str, ada: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.streams.bluesky._WAIT_S", 0.2)
    async with served(Speaks.SERVER, [like(1, FAN)]) as server:
        await note_position(connection, server.address, 0, NOW)
        first, second = Hearing(server, database_url), Hearing(server, database_url)
        async with second, first:
            await stored(connection, expected([like(1, FAN)]))
            await asyncio.sleep(0.6)
            assert len(server.asked) == 1
            (heard,) = [one for one in (first, second) if one.listener.events]
            heard.ending.set()
            await heard.task
            server.deeds.append(like(2, FAN))
            await stored(connection, expected([like(2, FAN)]))
            assert server.asked[1]["cursor"] == ["1"]
