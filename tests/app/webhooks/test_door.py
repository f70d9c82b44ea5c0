"""The door as it hangs in the whole application."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import httpx
from redis.asyncio import Redis

from app.asgi import create_app
from app.settings import Settings
from seeds.signing import sign


async def test_a_delivery_meets_neither_session_nor_cookie_nor_forgery_check(
    database_url: str, redis_url: str, connection: asyncpg.Connection, redis: Redis
) -> None:
    settings = replace(
        Settings(secret_key="k" * 32).with_secrets("x", consumer_secret="a secret"),
        database_url=database_url,
        redis_url=redis_url,
    )
    application = create_app(settings)
    keys_before = await redis.dbsize()
    async with (
        application.lifespan(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=application), base_url="http://fanfare.test"
        ) as client,
    ):
        body = b'{"for_user_id": "1"}'
        headers = sign("x", body, settings.secrets_of("x"), datetime.now(UTC), "msg_1")
        response = await client.post("/webhooks/x", content=body, headers=headers)
        assert (response.status_code, response.content) == (200, b"{}")
        assert "set-cookie" not in response.headers
        assert (await client.get("/health/live")).status_code == 200  # the rest is still there
        assert await redis.dbsize() == keys_before
    assert await connection.fetchval("select count(*) from pending_delivery") == 1
