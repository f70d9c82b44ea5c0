"""Live traffic goes through the real door, and goes on when the door is shut for a while."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import asyncpg
import httpx

from app.settings import Settings
from app.webhooks import receiving
from scoring.platforms import platforms
from seeds.filling import with_secrets
from seeds.live import Traffic
from seeds.moments import Moments
from seeds.traffic import Sending, Teller
from seeds.world import build_world

MOST = 120


class ShutAtFirst(httpx.AsyncBaseTransport):
    """A way to an application that begins with a refused connection and a 503."""

    def __init__(self, way: httpx.AsyncBaseTransport) -> None:
        self._way = way
        self._asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._asked += 1
        if self._asked == 1:
            raise httpx.ConnectError("nobody listens yet", request=request)
        if self._asked == 2:
            return httpx.Response(503, request=request)
        return await self._way.handle_async_request(request)


def traffic(settings: Settings, way: httpx.AsyncBaseTransport, streamed: list[bytes]) -> Traffic:
    rng, world = Random(11), build_world(11, 30)
    secrets = {name: settings.secrets_of(name) for name in platforms()}

    async def polled(sending: Sending) -> None:
        streamed.append(sending.body)

    return Traffic(
        Moments(world, rng), Teller(world, rng), secrets, "http://demo.example", rate=2000,
        transport=way, streamed=streamed.append, polled=polled,
    )  # fmt: skip


async def test_all_that_is_sent_is_taken_though_the_door_is_shut_at_first(
    database_url: str, connection: asyncpg.Connection
) -> None:
    settings = with_secrets(replace(Settings(), database_url=database_url))
    async with receiving(settings, database_url) as door:
        streamed: list[bytes] = []
        sender = traffic(settings, ShutAtFirst(httpx.ASGITransport(app=door)), streamed)
        await sender.run(most=MOST)

    assert sender.sent.taken >= MOST
    assert sender.sent.again == 2
    assert sender.sent.refused == sender.sent.given_up == 0
    stored = await connection.fetchval("select count(*) from delivery")
    assert streamed
    # The same bytes twice are kept once.
    assert 0 < stored <= sender.sent.taken - len(streamed)


async def test_a_wrong_secret_is_refused_once_and_never_repeated(database_url: str) -> None:
    settings = with_secrets(replace(Settings(), database_url=database_url))
    async with receiving(settings, database_url) as door:
        others = settings.with_secrets("mastodon", secret="another secret")
        others = others.with_secrets("x", consumer_secret="another")
        others = others.with_secrets("standard", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        for network in ("facebook", "instagram", "threads"):
            others = others.with_secrets(network, secret="another")
        others = others.with_secrets("linkedin", client_secret="another")
        others = others.with_secrets("youtube", secret="another secret of ours")
        streamed: list[bytes] = []
        sender = traffic(others, httpx.ASGITransport(app=door), streamed)
        await sender.run(most=40)

    assert sender.sent.refused >= 40 - len(streamed)
    assert sender.sent.taken == len(streamed)
    assert sender.sent.again == 0
