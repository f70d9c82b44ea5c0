"""Laws of Mastodon's streams: what came while nobody listened is asked for, what is taken back is taken back,
and a server that fails delays no other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consent import Keys, keep
from app.going_out import going_out
from app.settings import Settings
from app.streams.catching_up import Allowance, Remembering, TooMuch, notifications
from app.streams.instance import Instance as AsInstance
from app.streams.mastodon import Ears
from app.streams.pace import Paced
from scoring import (
    AccountEar,
    Ask,
    EventLines,
    Granted,
    Named,
    StreamEvent,
    is_number,
    link,
    note_statuses,
    read_socket_event,
    statuses_on,
    streams_seen,
    unlink,
)
from scoring.facts import Engagement, Removal, Snapshot
from scoring.identity import account_id, native_key
from tests.app.streams.instances import Instance, instance
from tests.app.streams.servers import fanfare
from tests.scoring.platforms.examples import adapted

NOW = datetime.now(UTC) - timedelta(days=30)
BOTH = pytest.mark.parametrize("socket", [False, True], ids=["lines", "socket"])


ALL_SCOPES = frozenset({"read:accounts", "read:statuses", "read:notifications"})


async def let_see(
    connection: asyncpg.Connection,
    settings: Settings,
    person: int,
    server: str,
    token: str,
    *,
    handle: str = "ada@social.example",
    scopes: frozenset[str] = frozenset({"read:notifications"}),
) -> None:
    """An account's owner lets Fanfare see by this token what the scopes say."""
    async with connection.transaction():
        await keep(
            connection, Keys.of(settings), account_id("mastodon", handle), person, "mastodon",
            Granted(token, None, None, None, scopes, {}),
            server=server, asked=scopes, renews=False, now=datetime.now(UTC),
        )  # fmt: skip


@pytest.fixture
async def person(connection: asyncpg.Connection) -> int:
    """Somebody, with an account at the server of the company."""
    number: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", NOW
    )
    return number


async def linked(connection: asyncpg.Connection, person: int, account: str) -> None:
    await link(connection, person, "mastodon", Named(account, account), "every", NOW)


def settings_of(database_url: str, *servers: tuple[Instance, str]) -> Settings:
    """Settings that name accounts by their tokens, `lines` or `socket` as the server streams."""
    streams = tuple(
        f"{'ws' if one.streaming != one.origin.replace('http', 'ws') else 'http'}"
        f"://{token}@{one.origin.removeprefix('http://')}"
        for one, token in servers
    )
    peers = {one.origin for one, _ in servers}
    peers |= {one.streaming.replace("ws", "http", 1) for one, _ in servers}
    return Settings(
        database_url=database_url, secret_key="s" * 40, peers=tuple(sorted(peers))
    ).with_secrets("mastodon", stream=streams)


@asynccontextmanager
async def listening(settings: Settings, look_every_s: float = 0.2) -> AsyncIterator[None]:
    assert settings.database_url is not None
    url = settings.database_url
    ending = asyncio.Event()
    async with (
        going_out(settings) as outside,
        asyncpg.create_pool(url, min_size=0, max_size=4) as pool,
    ):
        ears = Ears(
            settings, outside, pool, lambda: asyncpg.connect(url), look_every_s=look_every_s
        )
        task = asyncio.create_task(ears.run(ending))
        try:
            yield
        finally:
            ending.set()
            await task


async def told(connection: asyncpg.Connection) -> list[tuple[str, str]]:
    """What was stored, as the adapter reads it: (kind or `removed`, name)."""
    rows = await connection.fetch(
        "select headers, body from delivery where platform = 'mastodon' order by id"
    )
    found = []
    for row in rows:
        for fact in adapted("mastodon", row["body"], json.loads(row["headers"])).facts:
            if isinstance(fact, Engagement):
                found.append((fact.kind.value, fact.native_id))
            elif isinstance(fact, Removal):
                found.append(("removed", fact.native_id))
    return found


async def until(condition: Any, timeout_s: float = 60) -> None:
    async with asyncio.timeout(timeout_s):
        while True:
            holds = condition()
            if await holds if isawaitable(holds) else holds:
                return
            await asyncio.sleep(0.02)


async def kinds(connection: asyncpg.Connection, wanted: set[str]) -> list[tuple[str, str]]:
    """All that was stored, once these kinds are among it."""

    async def there() -> bool:
        return wanted <= {kind for kind, _ in await told(connection)}

    await until(there)
    return await told(connection)


@BOTH
async def test_what_others_do_to_an_account_is_heard_and_what_it_does_itself(
    connection: asyncpg.Connection, database_url: str, person: int, socket: bool
) -> None:
    await linked(connection, person, "pumpco@social.example")
    async with instance("social.example", socket=socket) as server:
        server.tokens["secret"] = "pumpco"
        async with listening(settings_of(database_url, (server, "secret"))):
            await until(lambda: server.listening("pumpco"))
            post = server.write("pumpco")
            server.notify("pumpco", "favourite", "fan@other.example", post)
            server.notify("pumpco", "follow", "fan@other.example")
            server.boost("pumpco", server.write("ada"))
            server.notify("pumpco", "poll", "fan@other.example", post)
            private = server.write("fan", visibility="direct")
            server.notify("pumpco", "mention", "fan", private)
            found = await kinds(connection, {"reaction", "follow", "reshare", "post"})
        seen = await streams_seen(connection)
    assert dict(found)["follow"] == "fan@other.example>pumpco@social.example"
    assert dict(found)["reaction"].startswith("like:fan@other.example>https://social.example/")
    raw = await connection.fetch("select body, source, headers from delivery")
    assert {row["source"] for row in raw} == {"stream"}
    assert not [row for row in raw if b"direct" in row["body"] or b'"poll"' in row["body"][:60]]
    assert not [row for row in raw if b"secret" in row["body"] or "secret" in row["headers"]]
    assert [one.stream for one in seen if one.state == "heard"] == [f"{server.origin}/@pumpco"]


@BOTH
async def test_what_came_while_nobody_listened_is_asked_for_and_stored_once(
    connection: asyncpg.Connection, database_url: str, person: int, socket: bool
) -> None:
    await linked(connection, person, "pumpco@social.example")
    async with instance("social.example", socket=socket) as server:
        server.tokens["secret"] = "pumpco"
        settings = settings_of(database_url, (server, "secret"))
        async with listening(settings):
            await until(lambda: server.listening("pumpco"))
            post = server.write("pumpco")
            server.notify("pumpco", "favourite", "first@other.example", post)
            await kinds(connection, {"reaction"})
        server.hang_up()
        for number in range(170):  # more than two pages
            server.notify("pumpco", "favourite", f"fan{number}@other.example", post)
        async with listening(settings):

            async def all_of_them() -> bool:
                names = [name for kind, name in await told(connection) if kind == "reaction"]
                return len(set(names)) == 171

            await until(all_of_them)
            server.hang_up()  # in the middle of listening: between two streams it happens on
            server.notify("pumpco", "favourite", "between@other.example", post)
            await until(lambda: server.listening("pumpco"))

            async def between() -> bool:
                return any("between" in name for _, name in await told(connection))

            await until(between)
    keys = await connection.fetch("select delivery_key from delivery")
    assert len(keys) == len({row["delivery_key"] for row in keys})
    names = [name for kind, name in await told(connection) if kind == "reaction"]
    assert len(names) == len(set(names)) == 172


async def test_a_listener_that_is_killed_loses_nothing_and_stores_nothing_twice(
    connection: asyncpg.Connection, database_url: str, redis_url: str, person: int
) -> None:
    for host in ("one.example", "two.example"):
        await linked(connection, person, f"pumpco@{host}")
    async with instance("one.example") as one, instance("two.example", socket=True) as two:
        one.tokens["t1"] = two.tokens["t2"] = "pumpco"
        settings = replace(settings_of(database_url, (one, "t1"), (two, "t2")), redis_url=redis_url)
        fans = 0
        for last in (False, True):
            listener = fanfare(settings, "listen")
            try:
                await until(lambda: one.listening("pumpco") and two.listening("pumpco"), 120)
                for server in (one, two):
                    for _ in range(
                        20
                    ):  # the first of them while it listens, the rest while it does not
                        fans += 1
                        server.notify("pumpco", "follow", f"fan{fans}@other.example")
                if last:
                    await until(lambda: _followed(connection, 120), 120)
            finally:
                listener.kill()
                await asyncio.to_thread(listener.wait)
            one.hang_up()
            two.hang_up()
            if not last:
                for server in (one, two):
                    for _ in range(20):
                        fans += 1
                        server.notify("pumpco", "follow", f"fan{fans}@other.example")
    names = [name for _, name in await told(connection)]
    assert len(names) == len(set(names)) == 120


async def _followed(connection: asyncpg.Connection, count: int) -> bool:
    return len({name for kind, name in await told(connection) if kind == "follow"}) == count


async def test_a_boost_that_is_undone_is_removed_whether_the_stream_tells_it_or_not(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "pumpco@social.example")
    async with instance("social.example") as server:
        server.tokens["secret"] = "pumpco"
        settings = settings_of(database_url, (server, "secret"))
        async with listening(settings):
            await until(lambda: server.listening("pumpco"))
            first = server.boost("pumpco", server.write("ada"))
            second = server.boost("pumpco", server.write("ada"))
            kept = server.boost("pumpco", server.write("ada"))
            await until(lambda: _stored(connection, 3))
            server.take_back("pumpco", first)  # the stream tells it
            await kinds(connection, {"removed"})
        server.take_back("pumpco", second)  # nobody listens
        # It was there for a while: a server's own copies may lag behind each other.
        await connection.execute("update stream_status set heard_at = heard_at - interval '1 hour'")
        async with listening(settings):

            async def both() -> bool:
                return len([1 for kind, _ in await told(connection) if kind == "removed"]) == 2

            await until(both)
    removed = {name for kind, name in await told(connection) if kind == "removed"}
    assert removed == {f"social.example/{one['id']}" for one in (first, second)}
    assert f"social.example/{kept['id']}" not in removed
    assert f"pumpco /api/v1/statuses/{second['id']}" in server.asked
    boosts = [name for kind, name in await told(connection) if kind == "reshare"]
    assert len(set(boosts)) == 3


async def _stored(connection: asyncpg.Connection, count: int) -> bool:
    boosts = {name for kind, name in await told(connection) if kind == "reshare"}
    return len(boosts) == count


async def test_a_server_that_fails_delays_no_other(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    for host in ("good.example", "bad.example"):
        await linked(connection, person, f"pumpco@{host}")
    async with instance("good.example") as good, instance("bad.example") as bad:
        good.tokens["one"] = bad.tokens["two"] = "pumpco"
        bad.broken = 503
        async with listening(settings_of(database_url, (good, "one"), (bad, "two"))):
            await until(lambda: good.listening("pumpco"))
            post = good.write("pumpco")
            good.notify("pumpco", "favourite", "fan@other.example", post)
            await kinds(connection, {"reaction"})
            assert bad.asked
            bad.broken = None
            await until(lambda: bad.listening("pumpco"))
            bad.notify("pumpco", "follow", "fan@other.example")
            found = await kinds(connection, {"follow"})
    assert ("follow", "fan@other.example>pumpco@bad.example") in found


async def test_people_are_heard_by_what_they_gave_and_no_more_once_they_take_it_back(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "ada@social.example")
    async with instance("social.example") as server:
        server.tokens["adas"] = "ada"
        settings = settings_of(database_url, (server, "unused"))
        settings = settings.with_secrets("mastodon", stream=())
        await let_see(connection, settings, person, server.origin, "adas", scopes=ALL_SCOPES)
        async with listening(settings):
            await until(lambda: server.listening("ada"))
            assert server.opened == ["ada /api/v1/streaming/user/notification"]
            server.notify("ada", "favourite", "fan@other.example", server.write("ada"))
            await kinds(connection, {"reaction"})
            await connection.execute("update consent set state = 'withdrawn'")
            await until(lambda: server.left_by("ada"))
            asked = len(server.asked)
            server.hang_up()
            await asyncio.sleep(0.6)
            assert len(server.asked) == asked
    for table in ("stream_state", "stream_mark", "stream_status"):
        assert await connection.fetchval(f"select count(*) from {table}") == 0


async def test_a_server_of_ones_own_says_nothing_for_anybody_else(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "mallory@own.example")
    for other in ("pumpco", "ada"):
        number = await connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", NOW
        )
        await linked(connection, number, f"{other}@social.example")
    # It calls itself another's server, and its only user as that server's.
    async with instance("social.example") as server:
        server.tokens["token"] = "mallory"
        settings = settings_of(database_url, (server, "unused")).with_secrets("mastodon", stream=())
        await let_see(
            connection,
            settings,
            person,
            server.origin,
            "token",
            handle="mallory@own.example",
            scopes=ALL_SCOPES,
        )
        async with listening(settings):
            await until(lambda: server.listening("mallory"))
            here = "https://own.example/users/mallory/statuses/1"
            mine = server.write("mallory@own.example", uri=here)
            theirs = server.write("ada@social.example")
            server.notify("mallory", "reblog", "pumpco@social.example", mine)
            server.notify("mallory", "favourite", "fan@other.example", theirs)
            server.notify("mallory", "follow", "ada@social.example")
            server.notify("mallory", "favourite", "fan@other.example", mine)
            found = await kinds(connection, {"reaction"})
    assert [name.split(">")[0] for _, name in found] == ["like:fan@other.example"]
    (row,) = await connection.fetch("select headers, body from delivery where source = 'stream'")
    assert json.loads(row["headers"])["fanfare-server"] == "own.example"
    told = adapted("mastodon", row["body"], json.loads(row["headers"])).facts
    counted = {one.account for one in told if isinstance(one, Snapshot)}
    assert counted <= {"mallory@own.example"}


async def test_an_account_that_was_given_is_no_other_whatever_its_server_says(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "mallory@own.example")
    other = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", NOW
    )
    await linked(connection, other, "ada@social.example")
    async with instance("social.example") as server:
        server.tokens["token"] = "ada"
        settings = settings_of(database_url, (server, "unused")).with_secrets("mastodon", stream=())
        await let_see(
            connection, settings, person, server.origin, "token", handle="mallory@own.example"
        )
        async with listening(settings):

            async def waits() -> bool:
                return any(one.state == "waiting" for one in await streams_seen(connection))

            await until(waits)
            assert not server.listening("ada")
        # Nothing that a server makes up becomes a name that others read.
        names = {one.stream for one in await streams_seen(connection)}
        assert names == {f"{server.origin}/@mallory"}
    assert await told(connection) == []


def test_of_a_server_that_people_chose_so_much_is_kept_within_an_hour() -> None:
    allowance, now = Allowance(1_000, 2), datetime.now(UTC)
    allowance.take(600, now)
    with pytest.raises(TooMuch):
        allowance.take(600, now + timedelta(minutes=59))
    allowance.take(400, now + timedelta(minutes=59))
    allowance.take(600, now + timedelta(minutes=61))
    for _ in range(2):
        allowance.listen(now + timedelta(minutes=61))
    with pytest.raises(TooMuch):
        allowance.listen(now + timedelta(minutes=120))
    allowance.listen(now + timedelta(minutes=121))


async def test_what_a_server_makes_up_fills_no_table(
    connection: asyncpg.Connection, database_url: str
) -> None:
    now = datetime.now(UTC)
    for first in range(0, 6_000, 1_000):
        numbers = [str(number) for number in range(first, first + 1_000)]
        await note_statuses(connection, "one", now, there=numbers)
    await note_statuses(connection, "another", now, there=["7"])
    kept = await statuses_on(connection, "one")
    assert 1_900 < len(kept) <= 2_001
    assert "5999" in kept
    assert list(await statuses_on(connection, "another")) == ["7"]
    assert [one for one in ("115", "01ABC", "x" * 65, "", "a/b", 7, None) if is_number(one)] == [
        "115",
        "01ABC",
    ]


async def test_what_is_too_much_for_an_hour_is_asked_for_in_the_next(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "ada@social.example")
    ear, now = AccountEar("social.example", "ada@social.example", ["ada@social.example"]), [NOW]
    async with (
        instance("social.example") as server,
        asyncpg.create_pool(database_url, min_size=0, max_size=2) as pool,
    ):
        server.tokens["adas"] = "ada"
        settings = settings_of(database_url, (server, "unused"))
        remembering = Remembering(pool, "one", ear, lambda: now[0], Allowance(4_000, 9))
        async with going_out(settings) as outside:
            asked = AsInstance(server.origin, "adas", Paced(outside))
            await notifications(asked, remembering)  # from here on
            for number in range(5):
                server.notify("ada", "follow", f"fan{number}@other.example")
            await notifications(asked, remembering)
            big = server.write("ada", "x" * 5_000)
            server.notify("ada", "favourite", "last@other.example", big)
            with pytest.raises(TooMuch):
                remembering.allowance = Allowance(1_000, 9)
                await notifications(asked, remembering)
            assert await connection.fetchval("select count(*) from delivery") == 5
            remembering.allowance = Allowance(10_000, 9)
            await notifications(asked, remembering)
            assert await connection.fetchval("select count(*) from delivery") == 6


async def test_a_token_that_is_refused_ends_what_was_given(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "ada@social.example")
    async with instance("social.example") as server:
        settings = settings_of(database_url, (server, "unused")).with_secrets("mastodon", stream=())
        await let_see(connection, settings, person, server.origin, "gone")
        async with listening(settings):

            async def refused() -> bool:
                return bool(await connection.fetchval("select state = 'refused' from consent"))

            await until(refused)
        (seen,) = await streams_seen(connection)
    assert seen.state == "away"
    assert "token" in seen.words


async def test_whose_server_opens_no_stream_is_heard_by_asking_and_loses_nothing_given(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "ada@social.example")
    async with instance("social.example") as server:
        server.tokens["given"], server.shut = "ada", 403
        settings = settings_of(database_url, (server, "unused")).with_secrets("mastodon", stream=())
        await let_see(connection, settings, person, server.origin, "given")
        async with listening(settings):
            await until(lambda: any("/streaming/" in one for one in server.asked))
            server.notify("ada", "follow", "fan@other.example")
            assert await kinds(connection, {"follow"})
        assert await connection.fetchval("select state from consent") == "given"


async def test_who_was_only_asked_for_has_a_stream_once_there_is_room(
    connection: asyncpg.Connection, database_url: str, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.streams.mastodon._MOST_STREAMS", 1)
    async with instance("social.example") as server:
        settings = settings_of(database_url, (server, "unused")).with_secrets("mastodon", stream=())
        for user in ("ada", "ben"):
            server.tokens[user] = user
            await linked(connection, person, f"{user}@social.example")
            handle = f"{user}@social.example"
            await let_see(connection, settings, person, server.origin, user, handle=handle)
        async with listening(settings):
            await until(lambda: any(one.startswith("ben /api/v1/notif") for one in server.asked))
            await until(lambda: server.listening("ada"))
            assert not server.listening("ben")
            await connection.execute(
                "update consent set state = 'withdrawn' where account_id = $1",
                account_id("mastodon", "ada@social.example"),
            )
            await until(lambda: server.listening("ben"))


async def test_an_account_that_is_unlinked_is_heard_no_more(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    await linked(connection, person, "pumpco@social.example")
    async with instance("social.example") as server:
        server.tokens["secret"] = "pumpco"
        async with listening(settings_of(database_url, (server, "secret"))):
            await until(lambda: server.listening("pumpco"))
            await connection.execute(
                """insert into ownership (account_id, effective_at, company, recorded_at)
                   select id, now(), false, now() from account"""
            )
            await until(lambda: server.left_by("pumpco"))
            server.notify("pumpco", "follow", "fan@other.example")

            async def away() -> bool:
                return "unlinked" in (await streams_seen(connection))[-1].words

            await until(away)
    assert await told(connection) == []


@pytest.mark.parametrize("given", [True, False], ids=["a person's", "the company's"])
async def test_an_account_that_is_unlinked_is_heard_no_more_at_once(
    connection: asyncpg.Connection, database_url: str, person: int, given: bool
) -> None:
    await linked(connection, person, "ada@social.example")
    async with instance("social.example") as server:
        server.tokens["adas"] = "ada"
        settings = settings_of(database_url, (server, "adas"))
        account = await connection.fetchval("select id from account")
        if given:
            settings = settings.with_secrets("mastodon", stream=())
            await let_see(connection, settings, person, server.origin, "adas")
        async with listening(settings, look_every_s=600):
            await until(lambda: server.listening("ada"))
            async with connection.transaction():
                await unlink(connection, person, account, datetime.now(UTC))
            await until(lambda: server.left_by("ada"), timeout_s=30)
            server.notify("ada", "follow", "fan@other.example")
            await asyncio.sleep(0.1)
    assert await told(connection) == []


async def test_an_account_that_is_nobodys_is_not_listened_to(
    connection: asyncpg.Connection, database_url: str, person: int
) -> None:
    async with instance("social.example") as server:
        server.tokens["secret"] = "pumpco"
        async with listening(settings_of(database_url, (server, "secret"))):

            async def waits() -> bool:
                return [one.state for one in await streams_seen(connection)] == ["waiting"]

            await until(waits)
    assert server.opened == []


async def test_a_server_that_has_had_enough_is_left_alone_until_it_says_and_others_are_not(
    database_url: str,
) -> None:
    async with instance("one.example") as one, instance("two.example") as two:
        one.tokens["t"] = two.tokens["t"] = "pumpco"
        one.left = 0
        one.reset_at = datetime.now(UTC) + timedelta(seconds=3)
        settings = settings_of(database_url, (one, "t"), (two, "t"))
        async with going_out(settings) as outside:
            paced = Paced(outside)
            path = "/api/v1/accounts/verify_credentials"
            waiting = asyncio.create_task(paced.ask(Ask(f"{one.origin}{path}"), "t"))
            answer = await paced.ask(Ask(f"{two.origin}{path}"), "t")
            assert answer.status == 200
            assert not waiting.done()
            one.left = 300
            assert (await waiting).status == 200
    assert len(one.asked) == 2


# Reading ---------------------------------------------------------------------------------------------

EAR = AccountEar("social.example", "pumpco@social.example", ["ada@social.example"])


@given(st.binary(), st.integers(1, 7))
def test_any_bytes_of_a_stream_are_read_or_passed_over(data: bytes, step: int) -> None:
    lines = EventLines()
    for start in range(0, len(data), step):
        for said in lines.feed(data[start : start + step]):
            EAR.heard(said)
    read_socket_event(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    | st.sampled_from(["public", "follow", "mention", "ada", "ada@social.example"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(["id", "type", "account", "acct", "status", "reblog", "visibility", "uri",
                         "edited_at", "username", "created_at"]), inner, max_size=6),
    max_leaves=15,
)  # fmt: skip


@given(st.sampled_from(["notification", "update", "status.update", "delete", "x"]), _JSON)
def test_any_event_is_worth_something_or_nothing(event: str, payload: Any) -> None:
    EAR.heard(StreamEvent(event, json.dumps(payload)))
    frame = json.dumps({"stream": ["user"], "event": event, "payload": json.dumps(payload)})
    read = read_socket_event(frame.encode())
    assert read is not None
    assert EAR.heard(read) == EAR.heard(StreamEvent(event, json.dumps(payload)))


@given(st.integers(1, 40))
def test_events_are_the_same_in_pieces_of_any_size(size: int) -> None:
    data = b"event: delete\ndata: 12\n\n:thump\nevent: update\r\ndata: {\r\ndata: }\r\n\r\n"
    lines = EventLines()
    found = [
        said
        for start in range(0, len(data), size)
        for said in lines.feed(data[start : start + size])
    ]
    assert found == [StreamEvent("delete", "12"), StreamEvent("update", "{\n}")]


def test_a_deletion_uses_the_name_that_the_boost_was_stored_under() -> None:
    found = EAR.heard(StreamEvent("delete", "115000000000000900"))
    assert found is not None
    (removal,) = adapted("mastodon", found.body, {"fanfare-server": "social.example"}).facts
    assert isinstance(removal, Removal)
    assert native_key("mastodon", removal.native_id) == native_key(
        "mastodon", "social.example/115000000000000900"
    )
