"""Signing in at one's own server of the AT Protocol: whole, or nothing is linked and nothing is kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from app.atproto import CannotLeave, NotLinked, client_id, come_back, leave, metadata, ready
from app.atproto.keys import installation_key, new_key, read_key, written
from app.consent import Keys, live, token_of, withdraw
from app.consent.following_up import follow_up
from app.going_out import Outside, going_out
from app.proofs import Choices, claim_by_id, look_now, open_claim, proofs_of
from app.settings import Settings
from scoring import Named, accounts_of, link, unlink
from scoring.identity import account_id
from tests.app.going_out.server import serving
from tests.app.proofs.at_network import DID, KEEPS, Network

ACCOUNT = account_id("bluesky", DID)
CHOSEN = Choices("disclosed", True, True)
SESSION = "of Ana’s browser"


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    async with serving(Network()) as made:
        yield made


@pytest.fixture
def settings(database_url: str, redis_url: str, network: Network) -> Settings:
    made = Settings(
        database_url=database_url,
        redis_url=redis_url,
        secret_key="k" * 40,
        base_url="https://fanfare.example",
        peers=network.peers,
    )
    network.client = json.loads(json.dumps(metadata(made)))
    return made


@pytest.fixture
async def outside(settings: Settings) -> AsyncIterator[Outside]:
    async with going_out(settings) as way:
        yield way


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(database_url, min_size=1, max_size=4) as made:
        yield made


@pytest.fixture
async def ana(connection: Any) -> int:
    made: int = await connection.fetchval(
        "insert into person (recorded_at) values (now()) returning id"
    )
    await connection.execute(
        """insert into enrolment (person_id, effective_at, state, recorded_at)
           values ($1, now() - interval '1 day', 'active', now() - interval '1 day')""",
        made,
    )
    return made


def now() -> datetime:
    return datetime.now(UTC)


class Way:
    """Ana's way to her server and back."""

    def __init__(
        self,
        connection: Any,
        pool: Any,
        redis: Redis,
        settings: Settings,
        outside: Outside,
        ana: int,
    ) -> None:
        self.parts = (pool, redis, settings, outside)
        self.connection, self.redis, self.ana = connection, redis, ana
        self.settings, self.outside = settings, outside
        self.claim_id = 0

    async def there(self) -> str:
        self.claim_id = await open_claim(
            self.connection, self.ana, "bluesky", Named(DID, "ana.example"), CHOSEN, now()
        )
        claim = await claim_by_id(self.connection, self.claim_id)
        assert claim is not None
        return await leave(self.redis, self.settings, self.outside, claim, SESSION)

    async def back(self, query: str, *, session: str = SESSION, person: int | None = None) -> str:
        claim_id, outcome = await come_back(
            *self.parts, query=dict(parse_qsl(query)), person_id=person or self.ana,
            session=session, now=now(),
        )  # fmt: skip
        assert claim_id == self.claim_id
        return outcome


@pytest.fixture
def way(
    connection: Any, pool: Any, redis: Redis, settings: Settings, outside: Outside, ana: int
) -> Way:
    return Way(connection, pool, redis, settings, outside, ana)


async def test_signing_in_there_links_the_account_and_keeps_what_was_given_encrypted(
    connection: Any, way: Way, network: Network, settings: Settings, redis: Redis
) -> None:
    page = await way.there()
    query = parse_qs(urlsplit(page).query)
    assert set(query) == {"client_id", "request_uri"}
    [pushed] = network.pushed.values()
    assert (pushed["scope"], pushed["login_hint"]) == ("atproto", "ana.example")
    assert pushed["redirect_uri"] == "https://fanfare.example/oauth/bluesky/callback"
    waiting = [await redis.get(key) for key in await redis.keys("fanfare:atproto:*")]
    assert waiting
    assert b"verifier" not in waiting[0]
    assert await way.back(network.agree(page)) == "linked"
    [account] = await accounts_of(connection, way.ana, now())
    assert (account.native_id, account.handle) == (DID, "ana.example")
    assert (account.professional, account.disclaimer) == (True, True)
    [proof] = (await proofs_of(connection, [ACCOUNT]))[ACCOUNT]
    assert proof.how == "oauth"
    row = await connection.fetchrow("select * from consent")
    kept = await live(connection, Keys.of(settings), ACCOUNT)
    assert kept is not None
    assert kept.refresh in network.good
    assert row["server"] == KEEPS
    lies = row["access"] + row["refresh"] + row["besides"]
    for secret in (kept.access, kept.refresh, json.loads(kept.besides["key"])["d"]):
        assert secret is not None
        assert secret.encode() not in lies
    assert network.revoked == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"iss": "https://other.example"}, "not from the server"),
        ({"iss": None}, "not from the server"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"state": "guessed"}, "begin again"),
        ({"error": "access_denied"}, "said no"),
        ({"error": "<b>odd"}, "bodd"),
    ],
)
async def test_whatever_else_comes_back_links_nothing(
    connection: Any, way: Way, network: Network, changed: dict[str, str | None], words: str
) -> None:
    query = dict(parse_qsl(network.agree(await way.there()))) | changed
    said = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
    with pytest.raises(NotLinked, match=words):
        await way.back(said)
    assert await connection.fetchval("select count(*) from ownership") == 0
    assert await connection.fetchval("select count(*) from consent") == 0


async def test_a_way_back_is_good_once_and_for_who_left(
    connection: Any, way: Way, network: Network
) -> None:
    for other in ({"session": "another browser"}, {"person": way.ana + 1}):
        query = network.agree(await way.there())
        with pytest.raises(NotLinked, match="not yours"):
            await way.back(query, **other)  # type: ignore[arg-type]
    query = network.agree(await way.there())
    assert await way.back(query) == "linked"
    with pytest.raises(NotLinked, match="used before"):
        await way.back(query)


async def test_who_signs_in_as_another_account_links_neither(
    connection: Any, way: Way, network: Network
) -> None:
    network.signs_in = "did:plc:somebodyelse"
    with pytest.raises(NotLinked, match="another account"):
        await way.back(network.agree(await way.there()))
    assert await connection.fetchval("select count(*) from ownership") == 0
    # What was given for it is not good any more.
    assert len(network.revoked) == 1
    assert network.good == {}


async def test_what_a_colleague_has_is_shown_and_not_taken(
    connection: Any, way: Way, network: Network
) -> None:
    ben: int = await connection.fetchval(
        "insert into person (recorded_at) values (now()) returning id"
    )
    await link(connection, ben, "bluesky", Named(DID, "ana.example"), "every", now())
    assert await way.back(network.agree(await way.there())) == "taken"
    assert [one.native_id for one in await accounts_of(connection, ben, now())] == [DID]
    [proof] = (await proofs_of(connection, [ACCOUNT]))[ACCOUNT]
    assert (proof.person_id, proof.how) == (way.ana, "oauth")
    assert await connection.fetchval("select count(*) from consent") == 0
    assert network.good == {}


async def test_tokens_are_renewed_by_the_same_key_also_under_a_new_nonce(
    connection: Any, way: Way, network: Network, settings: Settings, outside: Outside, pool: Any
) -> None:
    await way.back(network.agree(await way.there()))
    network.nonce = "second"
    before = await live(connection, Keys.of(settings), ACCOUNT)
    async with pool.acquire() as own:
        token = await token_of(own, settings, outside, ACCOUNT, now() + timedelta(hours=2))
    after = await live(connection, Keys.of(settings), ACCOUNT)
    assert before is not None
    assert after is not None
    assert token is not None
    assert token.access == after.access != before.access
    assert after.besides == before.besides
    assert list(network.good) == [after.refresh]


async def test_unlinking_takes_the_session_back_at_the_server(
    connection: Any, way: Way, network: Network, settings: Settings, outside: Outside, pool: Any
) -> None:
    await way.back(network.agree(await way.there()))
    async with connection.transaction():
        await unlink(connection, way.ana, ACCOUNT, now())
        queued = await withdraw(connection, ACCOUNT, way.ana, now())
    assert queued is not None
    async with pool.acquire() as own:
        await follow_up(own, settings, outside, queued, now())
    assert network.good == {}
    assert len(network.revoked) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "https://other.example/token"},
        {"authorization_endpoint": None},
        {"pushed_authorization_request_endpoint": "http://asks.example/par"},
        {"require_pushed_authorization_requests": False},
        {"client_id_metadata_document_supported": None},
        {"authorization_response_iss_parameter_supported": "yes"},
        {"scopes_supported": ["email"]},
        {"scopes_supported": None},
        {"code_challenge_methods_supported": ["plain"]},
        {"dpop_signing_alg_values_supported": ["none"]},
    ],
)
async def test_a_server_that_does_less_than_the_protocol_asks_is_not_used(
    way: Way, network: Network, changed: dict[str, Any]
) -> None:
    network.changed = changed
    with pytest.raises(CannotLeave, match=r"asks\.example"):
        await way.there()
    assert [heard.path for heard in network.heard if heard.method == "POST"] == []


async def test_a_server_that_wants_a_nonce_again_and_again_is_asked_twice(
    way: Way, network: Network
) -> None:
    class Never(str):
        __slots__ = ()

        def __ne__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    network.nonce = Never("never the same")
    with pytest.raises(CannotLeave, match="use_dpop_nonce"):
        await way.there()
    assert len([heard for heard in network.heard if heard.method == "POST"]) == 2


async def test_a_code_in_the_description_is_another_way(
    connection: Any, way: Way, network: Network, pool: Any
) -> None:
    claim_id = await open_claim(
        connection, way.ana, "bluesky", Named(DID, "ana.example"), CHOSEN, now()
    )
    claim = await claim_by_id(connection, claim_id)
    assert claim is not None
    record = {"value": {"description": f"I write. {claim.code}"}}
    network.says("/xrpc/com.atproto.repo.getRecord", body=json.dumps(record).encode())
    told = network.told
    network.told = lambda heard: (  # type: ignore[method-assign]
        network.raw[heard.path](heard) if heard.path in network.raw else told(heard)
    )
    assert await look_now(pool, way.settings, way.outside, way.ana, claim_id) == "linked"


def test_the_installation_signs_by_a_key_that_follows_from_its_own() -> None:
    one, again = installation_key("k" * 40), installation_key("k" * 40)
    assert one.thumbprint() == again.thumbprint() != installation_key("q" * 40).thumbprint()
    made = new_key()
    assert read_key(written(made)).thumbprint() == made.thumbprint() != new_key().thumbprint()


def test_the_document_says_what_requests_say_and_no_secret() -> None:
    settings = Settings(secret_key="k" * 40, base_url="https://fanfare.example")
    told = metadata(settings)
    assert told["client_id"] == client_id(settings)
    [key] = told["jwks"]["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "use", "alg", "kid"}


def test_people_come_back_inside_while_servers_read_the_document_outside() -> None:
    settings = Settings(
        secret_key="k" * 40,
        base_url="https://fanfare.example",
        outside_url="https://hear.example",
    )
    told = metadata(settings)
    assert told["client_id"] == "https://hear.example/oauth/client-metadata.json"
    assert told["client_uri"] == "https://hear.example"
    assert told["redirect_uris"] == ["https://fanfare.example/oauth/bluesky/callback"]


@pytest.mark.parametrize(
    ("base_url", "fits"),
    [
        ("https://fanfare.example", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://fanfare.example", False),
        ("https://localhost", False),
    ],
)
def test_servers_can_know_an_installation_by_https_or_on_this_machine(
    base_url: str, fits: bool
) -> None:
    assert ready(Settings(base_url=base_url)) is fits


def test_on_this_machine_it_is_the_protocols_development_client() -> None:
    settings = Settings(base_url="http://localhost:8000")
    known = urlsplit(client_id(settings))
    assert (known.scheme, known.netloc, known.path) == ("http", "localhost", "")
    assert parse_qs(known.query) == {
        "redirect_uri": ["http://127.0.0.1:8000/oauth/bluesky/callback"],
        "scope": ["atproto"],
    }
