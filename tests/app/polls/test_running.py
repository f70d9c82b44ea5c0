"""Laws of the whole: networks side by side, what administrators see, what Prometheus reads."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from prometheus_client import generate_latest

from app.going_out import Outside
from app.polls import Polls, counts, polls_shown, subscriptions_shown
from app.polls.planning import plan
from app.polls.shown import DEMO
from app.polls.subscribing import Subscriptions
from app.worker import run
from scoring import platform
from tests.app.going_out.server import Serving, answer, serving
from tests.app.polls.company import Clock, agreed, linked, poller, settings, settled, told

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ADA = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa"
PROFILES = "/xrpc/app.bsky.actor.getProfiles"
FOUND = json.dumps({"profiles": [{"did": ADA, "followersCount": 12}]}).encode()


async def test_a_network_that_fails_or_has_a_fault_of_ours_keeps_no_other_from_its_turn(
    connection: Any, database_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, facebook={"poll_calls": "100"})
        owner = await linked(connection, "facebook", "8200000000000001")
        await agreed(connection, made, "facebook", "8200000000000001", owner, "a token")
        server.says("/8200000000000001", body=b"{}", drip_s=1.0)
        server.says(PROFILES, body=FOUND)
        polls = Polls(made, lambda: asyncpg.connect(database_url), now=Clock(NOW))

        threads = next(one for one in polls.pollers if one.platform.name == "threads")
        threads.settings = None  # type: ignore[assignment] # a fault of ours
        for _ in range(300):
            assert await polls.tick(connection) == 0
            if await told(connection, "bluesky"):
                break
            await asyncio.sleep(0.01)
        assert len(await told(connection, "bluesky")) == 1
        await polls.close()


async def test_the_worker_asks_and_counts(
    connection: Any, database_url: str, redis_url: str
) -> None:
    await linked(connection, "bluesky", ADA)
    async with serving(Serving()) as server:
        server.says(PROFILES, body=FOUND)
        made = replace(settings(server.origin, database_url), redis_url=redis_url)
        worker = asyncio.create_task(run(made))
        async with asyncio.timeout(20):
            while not await connection.fetchval("select count(*) from snapshot"):
                await asyncio.sleep(0.05)
        worker.cancel()
        await asyncio.wait_for(worker, 60)
    assert len(server.heard) == 1


async def test_the_demo_tells_no_network_of_its_people(connection: Any, database_url: str) -> None:
    await linked(connection, "bluesky", ADA)
    made = replace(settings("http://127.0.0.1:9", database_url), demo=True)
    assert await plan(connection, platform("bluesky"), made, NOW) == 1  # a peer's network is asked
    await connection.execute("delete from poll_due")
    demo = replace(made, peers=()).with_secrets("youtube", secret="a secret that hubs sign with")
    assert await plan(connection, platform("bluesky"), demo, NOW) == 0
    await linked(connection, "youtube", "UCpumpcoexample000000001")
    hubs = Subscriptions(demo, Outside.of(demo), Clock(NOW))
    assert await hubs.tick(connection) == 0
    assert await subscriptions_shown(connection) == []
    assert {one.why_not for one in await polls_shown(connection, demo, NOW)} == {DEMO}


async def test_administrators_see_budgets_turns_and_trouble_and_nobody_in_particular(
    connection: Any, database_url: str
) -> None:
    async with serving(Serving()) as server:
        made = settings(server.origin, database_url, x={"poll_budget": "9"})
        for number in ("1001", "1002", "1003"):
            owner = await linked(connection, "x", number)
            await agreed(connection, made, "x", number, owner, "a token")
        body = {"data": {"id": "1001", "public_metrics": {"followers_count": 5}}}
        server.says("/2/users/1001", body=json.dumps(body).encode())
        server.says("/2/users/1002", status=404)
        server.raw["/2/users/1003"] = lambda _: answer(503, {"Retry-After": "600"})
        one = poller(made, "x", database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
        shown = {one.platform: one for one in await polls_shown(connection, made, NOW)}
    x = shown["x"]
    assert (x.calls_today, x.told_today, x.refused_today, x.failed_today) == (3, 1, 1, 1)
    assert (x.price_today, x.price_this_month, x.price_a_month, x.price_for_today) == (
        30,
        30,
        9_000,
        1_000,
    )
    assert x.why_not is None
    (pause,) = x.pauses
    assert (pause.until_at, pause.failures, pause.said) == (
        NOW + timedelta(minutes=10),
        1,
        "It answered 503.",
    )
    followers = x.polls[0]
    assert (followers.subjects, followers.told, followers.last_at) == (3, 1, NOW)
    assert {(one.said, one.times) for one in x.troubles} == {
        ("It answered 404.", 1),
        ("It answered 503.", 1),
    }
    assert "1001" not in str(x).replace(server.origin, "")
    assert shown["bluesky"].price_a_month is None
    assert "members" in str(shown["linkedin"].polls[1].why_not)


async def test_a_network_that_may_not_be_asked_says_why(connection: Any, database_url: str) -> None:
    made = settings("http://127.0.0.1:9", database_url, bluesky={"poll_calls": "0"})
    shown = {one.platform: one.why_not for one in await polls_shown(connection, made, NOW)}
    assert "FANFARE_X_POLL_BUDGET" in str(shown["x"])
    assert shown["bluesky"] == "FANFARE_BLUESKY_POLL_CALLS is 0"
    assert shown["mastodon"] is None
    # Three cents for the nine days that are left: no day has half a cent for a question.
    little = settings("http://127.0.0.1:9", database_url, x={"poll_budget": "0.03"})
    (x,) = await polls_shown(connection, little, NOW, "x")
    assert "less than a question costs" in str(x.why_not)
    enough = settings("http://127.0.0.1:9", database_url, x={"poll_budget": "0.045"})
    assert (await polls_shown(connection, enough, NOW, "x"))[0].why_not is None


async def test_prometheus_reads_what_the_tables_hold(connection: Any, database_url: str) -> None:
    await linked(connection, "bluesky", ADA)
    async with serving(Serving()) as server:
        server.says(PROFILES, status=500)
        made = settings(server.origin, database_url)
        one = poller(made, "bluesky", database_url, Clock(NOW))
        await settled(one, connection)
        await one.close()
    await counts.refresh(connection, NOW)
    text = generate_latest().decode()
    assert 'fanfare_poll_questions_today{outcome="failed",platform="bluesky"} 1.0' in text
    assert 'fanfare_poll_servers_left_alone{platform="bluesky"} 1.0' in text
    await counts.refresh(connection, NOW + timedelta(hours=2))
    assert 'fanfare_poll_overdue{platform="bluesky"} 1.0' in generate_latest().decode()
    counts.forget()
    assert "fanfare_poll_overdue{" not in generate_latest().decode()
