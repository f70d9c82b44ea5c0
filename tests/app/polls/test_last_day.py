"""Laws of a contest's last day: what it waits for is counted every hour, for whoever is in it alone."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from app.polls.planning import plan
from app.settings import Settings
from rewards import enter, last_days
from scoring import Named, link, platform
from tests.app.going_out.server import Heard, Serving, answer, serving
from tests.app.polls.company import Clock, poller, post_of, settings, settled
from tests.rewards.life.world import END, LONG_AGO, NOW, START, charter, found, published

ADA, BEN = "did:plc:adaaaaaaaaaaaaaaaaaaaaaa", "did:plc:benaaaaaaaaaaaaaaaaaaaaa"
FOLLOWERS = {"metric": "followers", "breakers": ("pool", "order")}
LAST_DAY = END - timedelta(days=1)


async def company(connection: Any, **terms: Any) -> list[int]:
    """Two people with an account each; the first is in a contest."""
    people = await found(connection, 2)
    for person, did in zip(people, (ADA, BEN), strict=True):
        await link(connection, person, "bluesky", Named(did, did), "every", LONG_AGO)
    contest = await published(connection, charter(**terms))
    await enter(connection, contest, people[0], now=NOW)
    return people


async def due(connection: Any, did: str, poll: str = "followers") -> datetime:
    at: datetime = await connection.fetchval(
        "select due_at from poll_due where account_id = (select id from account where native_id = $1)"
        " and poll = $2",
        did,
        poll,
    )
    return at


async def test_a_contest_is_in_its_last_day_for_a_day_and_names_who_is_in_it(
    connection: Any,
) -> None:
    ada, _ = await company(connection, **FOLLOWERS)
    assert await last_days(connection, LAST_DAY - timedelta(seconds=1)) == []
    assert await last_days(connection, END) == []
    (ending,) = await last_days(connection, LAST_DAY)
    assert (ending.counts, ending.from_at, ending.to_at) == ("followers", LAST_DAY, END)
    assert list(ending.people) == [ada]


async def test_contests_of_points_wait_for_figures_and_those_of_answers_for_nothing(
    connection: Any,
) -> None:
    await company(connection, metric="points")
    assert [one.counts for one in await last_days(connection, LAST_DAY)] == ["figures"]


async def test_contests_of_different_people_wait_for_no_count(connection: Any) -> None:
    await company(connection)
    assert await last_days(connection, LAST_DAY) == []


async def test_a_day_of_polls_counts_entrants_every_hour_and_everybody_else_once(
    connection: Any, database_url: str
) -> None:
    await company(connection, **FOLLOWERS)

    def counted(heard: Heard) -> bytes:
        asked = [did for did in (ADA, BEN) if did.replace(":", "%3A") in heard.target]
        body = {"profiles": [{"did": did, "followersCount": 9} for did in asked]}
        return answer(body=json.dumps(body).encode())

    async with serving(Serving()) as server:
        server.raw["/xrpc/app.bsky.actor.getProfiles"] = counted
        clock = Clock(LAST_DAY - timedelta(days=2))
        one = poller(settings(server.origin, database_url), "bluesky", database_url, clock)
        asked: list[tuple[datetime, str]] = []
        while clock.at <= END + timedelta(days=1):
            server.heard.clear()
            await settled(one, connection)
            asked += [(clock.at, heard.target) for heard in server.heard]
            clock.at += timedelta(minutes=20)
        await one.close()

    def times(did: str, since: datetime, until: datetime) -> int:
        name = did.replace(":", "%3A")
        return sum(since <= at < until and name in target for at, target in asked)

    before, after = LAST_DAY - timedelta(days=1), END + timedelta(days=1)
    assert [times(ADA, before, LAST_DAY), times(BEN, before, LAST_DAY)] == [1, 1]
    assert times(ADA, LAST_DAY, END) in (24, 25)
    assert times(ADA, END - timedelta(minutes=80), END) >= 1
    assert times(BEN, LAST_DAY, END) == 1
    assert [times(ADA, END, after), times(BEN, END, after)] == [1, 1]


async def test_figures_of_entrants_are_hurried_where_points_decide(connection: Any) -> None:
    await company(connection, metric="points")
    for did in (ADA, BEN):
        await post_of(connection, "bluesky", did, f"at://{did}/app.bsky.feed.post/a", START)
    await plan(connection, platform("bluesky"), Settings(), START)
    later = END + timedelta(days=3)
    await connection.execute("update poll_due set due_at = $1, asked_at = $2", later, LAST_DAY)
    now = LAST_DAY + timedelta(minutes=1)
    await plan(connection, platform("bluesky"), Settings(), now)
    assert LAST_DAY < await due(connection, ADA, "posts") <= LAST_DAY + timedelta(hours=1)
    assert await due(connection, ADA) == later  # followers do not decide it
    assert await due(connection, BEN, "posts") == later  # who is not in it
