"""The door of the networks, asked as networks ask: signed bytes over ASGI, a real database behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from prometheus_client import REGISTRY

from app.settings import Settings
from app.webhooks import GroupCommit, Lane, Limits, Receiving, sources
from seeds.signing import sign

SETTINGS = (
    Settings()
    .with_secrets("mastodon", secret="not so secret, is it", server="social.example")
    .with_secrets("x", consumer_secret="old secret", client_secret="new secret")
    .with_secrets("standard", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
)
PLATFORMS = ("mastodon", "standard", "x")


@asynccontextmanager
async def installation(
    database_url: str, settings: Settings = SETTINGS, limits: Limits | None = None, **more: Any
) -> AsyncIterator[tuple[httpx.AsyncClient, Receiving]]:
    commit = GroupCommit(Lane(database_url, statement_timeout_s=1.0), limits)
    commit.start()
    receiving = Receiving(sources(settings), commit, **more)
    transport = httpx.ASGITransport(app=receiving)  # type: ignore[arg-type]
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://fanfare.test") as client:
            yield client, receiving
    finally:
        await commit.close()


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with installation(database_url) as (client, _):
        yield client


def signed(platform: str, body: bytes, delivery_id: str = "msg_1") -> dict[str, str]:
    secrets = SETTINGS.secrets_of(platform)
    return sign(platform, body, secrets, datetime.now(UTC), delivery_id)


async def post(
    client: httpx.AsyncClient, platform: str, body: bytes, delivery_id: str = "msg_1"
) -> httpx.Response:
    headers = signed(platform, body, delivery_id)
    return await client.post(f"/webhooks/{platform}", content=body, headers=headers)


def refused(response: httpx.Response, status: int) -> str:
    """Check that a refusal is a problem document, and return its words."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    return str(problem["detail"])


def counted(platform: str, outcome: str) -> float:
    labels = {"platform": platform, "outcome": outcome}
    return REGISTRY.get_sample_value("fanfare_deliveries_total", labels) or 0.0


async def bodies(connection: asyncpg.Connection) -> list[bytes]:
    return [row["body"] for row in await connection.fetch("select body from delivery order by id")]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_signed_delivery_is_stored_as_it_came_and_thanked_for(
    client: httpx.AsyncClient, connection: asyncpg.Connection, platform: str
) -> None:
    before = counted(platform, "accepted"), counted(platform, "repeated")
    body = b'{ "unusual" :\t"\xc3\xa9 and \\u0000 spacing" }\n'
    for _ in range(3):  # the same again is a 2xx and nothing more
        response = await post(client, platform, body)
        assert (response.status_code, response.content) == (200, b"{}")
    assert await bodies(connection) == [body]
    assert await connection.fetchval("select count(*) from pending_delivery") == 1
    assert counted(platform, "accepted") == before[0] + 1
    assert counted(platform, "repeated") == before[1] + 2


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"broken": ', id="broken JSON"),
        pytest.param(b"{" + b"[" * 100_000, id="nested without end"),
        pytest.param(b'{"event": 7, "data": [], "type": null}', id="wrong types"),
        pytest.param(b'{"data": {"event_uuid": -99999999999999999999999}}', id="a huge id"),
        pytest.param(b'{"text": "' + b"a" * 900_000 + b'"}', id="a text of 900 kB"),
        pytest.param('{"name": "🦩 رنا مـحـمـد \u202e"}'.encode(), id="emoji and right-to-left"),
        pytest.param(b'{"text": "a\\u0000b"}', id="a NUL in a text"),
        pytest.param(b'{"followers": -1}', id="minus one follower"),
    ],
)
async def test_whatever_is_signed_is_kept(
    client: httpx.AsyncClient, connection: asyncpg.Connection, platform: str, body: bytes
) -> None:
    assert (await post(client, platform, body)).status_code == 200
    assert len(await bodies(connection)) == 1


async def test_only_the_headers_a_network_needs_are_stored(
    client: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    body = b'{"event": "status.created"}'
    headers = {**signed("mastodon", body), "cookie": "a=b", "authorization": "Bearer c"}
    assert (await client.post("/webhooks/mastodon", content=body, headers=headers)).is_success
    stored = json.loads(await connection.fetchval("select headers from delivery"))
    assert stored == {"fanfare-server": "social.example"}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_wrong_or_missing_signature_is_refused_and_nothing_stored(
    client: httpx.AsyncClient, connection: asyncpg.Connection, platform: str
) -> None:
    body = b'{"event": "status.created"}'
    right = signed(platform, body)
    wrong = {name: value[:-6] + "AAAAA=" for name, value in right.items()}
    nonsense = dict.fromkeys(right, "\xff;'--")
    for headers, sent in ((wrong, body), ({}, body), (nonsense, body), (right, body + b" ")):
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        words = refused(await client.post(f"/webhooks/{platform}", content=sent, headers=raw), 401)
        assert "secret" in words
        assert "sha256" not in words
    assert await bodies(connection) == []


async def test_a_replayed_old_delivery_is_refused(client: httpx.AsyncClient) -> None:
    body, old = b'{"type": "post.published"}', datetime.now(UTC) - timedelta(minutes=6)
    headers = sign("standard", body, SETTINGS.secrets_of("standard"), old, "msg_old")
    refused(await client.post("/webhooks/standard", content=body, headers=headers), 401)


@pytest.mark.parametrize("path", ["nobody", "", "x/", "x/more", "X", "%00", "..", "é" * 300])
async def test_an_unknown_network_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        words = refused(await client.request(method, f"/webhooks/{path}", content=b"{}"), 404)
        assert path not in words or not path
    assert counted("nobody", "unknown_platform") == 0  # no label from a stranger


async def test_a_network_without_its_secret_is_asked_to_come_again(database_url: str) -> None:
    async with installation(database_url, Settings()) as (client, _):
        for platform in PLATFORMS:
            response = await post(client, platform, b"{}")
            assert "doctor" in refused(response, 503)
            assert int(response.headers["retry-after"]) > 0
            refused(await client.get(f"/webhooks/{platform}?crc_token=abc"), 503)


async def test_other_methods_are_refused_with_those_that_work(client: httpx.AsyncClient) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
        response = await client.request(method, "/webhooks/x")
        assert response.status_code == 405
        assert response.headers["allow"] == "GET, POST"
    response = await client.get("/webhooks/mastodon")
    refused(response, 405)
    assert response.headers["allow"] == "POST"


async def test_the_handshake_of_x_is_answered_but_signs_no_delivery(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/webhooks/x", params={"crc_token": "helloWorld"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json()["response_token"].startswith("sha256=")
    refused(await client.get("/webhooks/x", params={"crc_token": '{"data":{}}'}), 400)
    for query in ("&&&=", "crc_token=" + "a" * 5000, "a=1&" * 40):
        assert (await client.get(f"/webhooks/x?{query}")).status_code in (400, 405)


async def test_a_handshake_that_is_none_of_ours_is_refused_as_its_protocol_says(
    database_url: str,
) -> None:
    settings = (
        SETTINGS.with_secrets("facebook", secret="app secret", verify_token="our words")
        .with_secrets("linkedin", client_secret="client secret")
        .with_secrets("youtube", secret="a secret of our own")
    )
    topic = "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UCnorthwindexample00001x"
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.topic": topic}
    async with installation(database_url, settings) as (client, _):
        for platform, query, status in (
            ("facebook", {**asked, "hub.verify_token": "others' words"}, 403),
            ("facebook", {**asked, "hub.verify_token": "our words", "hub.challenge": "<b>"}, 400),
            ("youtube", asked, 404),
            ("youtube", {**asked, "hub.mode": "unsubscribe"}, 404),
            ("youtube", {**asked, "hub.mode": "denied"}, 404),
            ("linkedin", {"challengeCode": "hmacsha256={}"}, 400),
            ("x", {"crc_token": '{"data":{}}'}, 400),
        ):
            response = await client.get(f"/webhooks/{platform}", params=query)
            assert "1158201444" not in refused(response, status)


async def ask(
    receiving: Receiving, messages: Any, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes] | None:
    """Speak ASGI directly: `messages` gives what arrives, one after the other."""
    sent: list[Any] = []
    scope: Any = {
        "type": "http", "method": "POST", "path": "/webhooks/mastodon", "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
    }  # fmt: skip

    async def send(message: Any) -> None:
        sent.append(message)

    await receiving(scope, messages, send)
    if not sent:
        return None
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, sent[1]["body"]


async def nothing_may_be_read() -> Any:
    raise AssertionError("the body was read")


@pytest.mark.parametrize("length", ["1048577", "99999999999999999999999"])
async def test_too_large_is_refused_before_it_is_read(database_url: str, length: str) -> None:
    async with installation(database_url) as (_, receiving):
        answer = await ask(receiving, nothing_may_be_read, {"content-length": length})
    assert answer is not None
    assert answer[0] == 413
    assert answer[1]["connection"] == "close"


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "1, 1", "٣", ""])
async def test_a_length_that_is_none_is_refused(database_url: str, length: str) -> None:
    async with installation(database_url) as (_, receiving):
        answer = await ask(receiving, nothing_may_be_read, {"content-length": length})
    assert answer is not None
    assert answer[0] == 400


async def test_a_stream_is_read_up_to_the_limit_and_no_further(database_url: str) -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    async with installation(database_url) as (_, receiving):
        answer = await ask(receiving, endless)
    assert answer is not None
    assert answer[0] == 413
    assert read == 17  # 16 times 64 kB is 1 MiB


async def test_exactly_one_mebibyte_in_chunks_is_taken(
    client: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    body = b'{"a":"' + b"x" * (2**20 - 8) + b'"}'

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    headers = signed("x", body)
    assert (await client.post("/webhooks/x", content=chunks(), headers=headers)).is_success
    assert await bodies(connection) == [body]


async def test_a_body_that_never_ends_is_given_up(database_url: str) -> None:
    async def slow() -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async with installation(database_url, read_timeout_s=0.1) as (_, receiving):
        answer = await ask(receiving, slow)
    assert answer is not None
    assert answer[0] == 408
    assert answer[1]["connection"] == "close"


async def test_a_body_that_breaks_off_is_not_stored_and_never_a_500(
    database_url: str, connection: asyncpg.Connection
) -> None:
    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async with installation(database_url) as (_, receiving):
        answer = await ask(receiving, gone)
    assert answer is not None
    assert answer[0] == 400
    assert await bodies(connection) == []


async def test_five_hundred_at_once_with_repetitions_are_each_stored_once(
    client: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    posts = [
        post(client, platform, f'{{"n": {n}}}'.encode(), f"msg_{n}")
        for n in range(56)
        for platform in PLATFORMS
        for _ in range(3)
    ]
    assert len(posts) > 500
    responses = await asyncio.gather(*posts)
    assert {response.status_code for response in responses} == {200}
    assert await connection.fetchval("select count(*) from delivery") == 56 * 3
    assert await connection.fetchval("select count(*) from pending_delivery") == 56 * 3


async def test_what_a_cut_connection_interrupts_is_still_stored_before_it_is_acknowledged(
    client: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    acknowledged: set[bytes] = set()
    stop = asyncio.Event()

    async def network(name: int) -> None:
        number = 0
        while not stop.is_set():
            body = f'{{"n": "{name}-{number}"}}'.encode()
            response = await post(client, "x", body)
            assert response.status_code in (200, 503)
            if response.is_success:
                acknowledged.add(body)
            number += 1

    networks = [asyncio.create_task(network(name)) for name in range(16)]
    for _ in range(5):
        await asyncio.sleep(0.08)
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'fanfare deliveries' and datname = current_database()"
        )
    async with asyncio.timeout(60):
        while len(acknowledged) <= 50:
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.gather(*networks)
    assert acknowledged <= set(await bodies(connection))
    assert (await post(client, "x", b'{"n": "afterwards"}')).status_code == 200


async def test_overload_and_absence_ask_the_network_to_come_again(
    database_url: str, connection: asyncpg.Connection
) -> None:
    limits = Limits(waiting_rows=4, patience_s=0.4)
    async with (
        installation(database_url, limits=limits) as (client, _),
        connection.transaction(),
    ):
        await connection.execute("lock table delivery in access exclusive mode")
        first = asyncio.create_task(post(client, "x", b'{"n": 0}'))
        # Its batch waits for the lock; the next ones gather.
        waits = "select exists (select from pg_locks where not granted and relation = 'delivery'::regclass)"
        while not await connection.fetchval(waits):
            await asyncio.sleep(0.01)
        rest = await asyncio.gather(*(post(client, "x", b'{"n": %d}' % n) for n in range(1, 9)))
        assert counted("x", "overloaded") >= 4
        for response in rest:
            assert "again" in refused(response, 503)
            assert int(response.headers["retry-after"]) > 0
        first.cancel()
