"""What the door notes besides deliveries: refusals by reason, and which secret fitted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from structlog.testing import capture_logs

from app.settings import Settings
from app.webhooks import GroupCommit, Lane, Noted, Receiving, fingerprint, sources
from app.webhooks.noted import ANOTHER, MOST_REASONS
from scoring import NotVerified, Secrets, platforms, proofs, refusals
from seeds.signing import sign

KEY = "an installation's key, nothing else"
NEW, OLD = "the new secret, which is long", "the old secret, which is long"
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(database_url, min_size=1, max_size=2) as opened:
        yield opened


def rotating(network: str, setting: str) -> Settings:
    return Settings(secret_key=KEY).with_secrets(
        network, **{setting: (NEW, OLD), "server": "social.example", "verify_token": "words"}
    )


@asynccontextmanager
async def door(
    database_url: str, settings: Settings
) -> AsyncIterator[tuple[httpx.AsyncClient, Noted]]:
    commit = GroupCommit(Lane(database_url))
    commit.start()
    noted = Noted(KEY)
    receiving = Receiving(sources(settings), commit, noted=noted)
    transport = httpx.ASGITransport(app=receiving)  # type: ignore[arg-type]
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://fanfare.test") as client:
            yield client, noted
    finally:
        await commit.close()


@pytest.mark.parametrize(
    ("network", "setting"),
    [
        ("x", "client_secret"), ("x", "consumer_secret"), ("linkedin", "client_secret"),
        ("facebook", "secret"), ("instagram", "secret"), ("threads", "secret"),
        ("mastodon", "secret"), ("youtube", "secret"),
    ],
)  # fmt: skip
async def test_while_a_secret_is_replaced_both_are_taken_and_the_one_used_last_is_known(
    database_url: str,
    connection: asyncpg.Connection[Any],
    pool: Any,
    redis: Redis,
    network: str,
    setting: str,
) -> None:
    settings = rotating(network, setting)
    async with door(database_url, settings) as (client, noted):
        for number, secret in enumerate((OLD, NEW)):
            body = b'{"entry": [], "n": %d}' % number
            headers = sign(network, body, Secrets({setting: (secret,)}), datetime.now(UTC), "m")
            answer = await client.post(f"/webhooks/{network}", content=body, headers=headers)
            assert answer.status_code == 200, answer.text
            await noted.write(pool, redis)
            known = {one.fingerprint: at for one, at in (await proofs(connection)).items()}
            last = max(known, key=lambda one: known[one])
            assert last == fingerprint(KEY, network, setting, secret)
        assert {one.used_for for one in await proofs(connection)} == {"delivery"}
    assert await connection.fetchval("select count(*) from delivery") == 2
    assert await refusals(connection, datetime.now(UTC)) == []


async def test_a_handshake_says_by_which_token_it_was_answered(
    database_url: str, connection: asyncpg.Connection[Any], pool: Any, redis: Redis
) -> None:
    settings = Settings(secret_key=KEY).with_secrets(
        "facebook", secret="s", verify_token=("brass", "band")
    )
    asked = {"hub.mode": "subscribe", "hub.verify_token": "band", "hub.challenge": "115"}
    async with door(database_url, settings) as (client, noted):
        assert (await client.get("/webhooks/facebook", params=asked)).text == "115"
        await noted.write(pool, redis)
    (one,) = await proofs(connection)
    assert (one.platform, one.setting, one.used_for) == ("facebook", "verify_token", "handshake")
    assert one.fingerprint == fingerprint(KEY, "facebook", "verify_token", "band")


async def test_whoever_is_refused_is_counted_by_reason_and_nothing_they_sent_is_kept(
    database_url: str, connection: asyncpg.Connection[Any], pool: Any, redis: Redis
) -> None:
    settings = rotating("mastodon", "secret")
    strange = "XyzzyStranger"
    async with door(database_url, settings) as (client, noted):
        for number in range(30):
            await client.post(
                f"/webhooks/mastodon?{strange}",
                content=f"{strange} {number}".encode(),
                headers={"x-hub-signature": f"sha256={strange}{number}", "user-agent": strange},
            )
        await client.post("/webhooks/mastodon", content=b"{}")
        await client.delete("/webhooks/mastodon")
        await noted.write(pool, redis)
        await noted.write(pool, redis)  # nothing is counted twice
    found = await refusals(connection, datetime.now(UTC) - timedelta(hours=1))
    assert {(one.reason, one.times) for one in found} == {
        ("the signature is not hex", 30),
        ("the signature is missing", 1),
        ("asked otherwise than networks ask", 1),
    }
    dump = [
        str(tuple(row))
        for table in ("refusal", "secret_use", "delivery", "delivery_outcome", "audit")
        for row in await connection.fetch(f"select * from {table}")
    ]
    assert strange not in " ".join(dump)


@given(
    headers=st.dictionaries(
        st.sampled_from(
            ["x-hub-signature", "x-hub-signature-256", "x-li-signature", "webhook-id",
             "webhook-timestamp", "webhook-signature", "x-twitter-webhooks-signature"]
        ),
        st.text(max_size=40),
    ),
    body=st.binary(max_size=60),
)  # fmt: skip
def test_the_reason_of_a_refusal_never_depends_on_what_was_sent_beyond_a_few_sentences(
    headers: dict[str, str], body: bytes
) -> None:
    for name, network in platforms().items():
        secrets = Secrets({wanted.name: ("whsec_" + "a" * 44,) for wanted in network.wants})
        try:
            network.verify(headers, body, secrets, NOW)
        except NotVerified as why:
            _SAID.setdefault(name, set()).add(str(why))
            assert len(_SAID[name]) <= 12, _SAID[name]


_SAID: dict[str, set[str]] = {}


def test_a_network_with_countless_reasons_costs_few_rows() -> None:
    noted = Noted(KEY)
    for number in range(1_000):
        noted.refused("x", f"reason {number}", NOW)
    assert len(noted._refused) <= MOST_REASONS + 2
    assert noted._refused["x", ANOTHER][0] >= 1_000 - MOST_REASONS - 2


async def test_what_cannot_be_written_now_is_written_later(
    connection: asyncpg.Connection[Any], pool: Any, redis: Redis
) -> None:
    noted = Noted(KEY)
    at = datetime.now(UTC)
    noted.refused("x", "the signature is missing", at)

    class Away:
        def acquire(self) -> Any:
            raise OSError("away")

    await noted.write(Away(), redis)
    noted.refused("x", "the signature is missing", at)
    await noted.write(pool, redis)
    (one,) = await refusals(connection, at - timedelta(hours=1))
    assert one.times == 2


async def test_a_flood_of_strangers_does_not_fill_the_log(database_url: str) -> None:
    async with door(database_url, rotating("facebook", "secret")) as (client, _):
        with capture_logs() as said:
            for number in range(20):
                asked = {"hub.mode": "subscribe", "hub.verify_token": f"wrong {number}"}
                assert (await client.get("/webhooks/facebook", params=asked)).status_code == 403
                assert (await client.post("/webhooks/facebook", content=b"{}")).status_code == 401
    assert sorted(one["event"] for one in said) == ["challenge refused", "delivery not verified"]
