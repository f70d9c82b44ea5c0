"""Deliveries become facts: one that cannot be read, or is refused, fails nobody but itself."""

from __future__ import annotations

import json
from typing import Any

from scoring.intake import intake
from scoring.replay import replay
from scoring.set_aside import retry
from tests.scoring.scene import NOW, count, points, raise_curtain

GOOD = {"kind": "reply", "actor": "visitor-7", "target": "ana", "post": "p1"}


async def deliver(connection: Any, body: bytes | dict[str, Any], platform: str = "standard") -> int:
    """The company's own system says something about the network x, a minute ago."""
    if isinstance(body, dict):
        data = {"platform": "x", **body}
        event = {"type": "engagement.recorded", "timestamp": "2026-11-19T08:00:00Z", "data": data}
        body = json.dumps(event).encode()
    return int(
        await connection.fetchval(
            """with told as (
                 insert into delivery (recorded_on, platform, source, delivery_key, headers, body,
                                       received_at)
                 values ($1, $2, 'webhook', gen_random_uuid()::text, '{}', $3, $4)
                 returning id, recorded_on),
               queued as (insert into pending_delivery select * from told)
               select id from told""",
            NOW.date(),
            platform,
            body,
            NOW,
        )
    )


async def set_aside(connection: Any) -> dict[int, str]:
    rows = await connection.fetch(
        "select delivery_id, reason from delivery_outcome where outcome = 'set_aside'"
    )
    return {row["delivery_id"]: row["reason"] for row in rows}


async def engagements(connection: Any) -> int:
    return int(await connection.fetchval("select count(*) from engagement"))


async def test_what_cannot_be_read_is_set_aside_whole_and_the_others_are_stored(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await deliver(connection, {**GOOD, "id": "r1"})
    unreadable = await deliver(connection, b"no json")
    nameless = await deliver(connection, {**GOOD, "id": ""})
    unheard = await deliver(connection, b"{}", platform="nobodys")
    await deliver(connection, {**GOOD, "id": "r2"})
    done = await intake(connection, now=NOW)
    assert (done.claimed, done.set_aside) == (5, 3)
    assert set(await set_aside(connection)) == {unreadable, nameless, unheard}
    assert "nobodys" in (await set_aside(connection))[unheard]
    assert await engagements(connection) == 2
    assert await connection.fetchval("select count(*) from pending_delivery") == 0


async def test_of_several_things_in_one_delivery_those_that_can_be_read_count(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    like = {
        "id": "like-1",
        "favorited_status": {"id_str": "p1", "user": {"id_str": "ana"}},
        "user": {"id_str": "visitor-7"},
    }
    body = json.dumps({"favorite_events": [{**like, "user": None}, like]}).encode()
    half_read = await deliver(connection, body, platform="x")
    done = await intake(connection, now=NOW)
    assert (done.claimed, done.set_aside) == (1, 1)
    assert await engagements(connection) == 1
    (reason,) = (await set_aside(connection)).values()
    assert "the rest counts: favorite_events[0].user" in reason
    assert await retry(connection, [half_read], NOW, "once more") == [half_read]
    assert (await intake(connection, now=NOW)).set_aside == 1
    assert await engagements(connection) == 1


async def test_a_delivery_that_the_database_refuses_is_set_aside_alone(connection: Any) -> None:
    await raise_curtain(connection)
    await deliver(connection, {**GOOD, "id": "r1"})
    # A rule of this database's own, so that the refusal is certain whatever adapters check.
    await connection.execute(
        "alter table engagement add constraint refused_ck check (native_id <> 'unlucky')"
    )
    unlucky = await deliver(connection, {**GOOD, "id": "unlucky"})
    await deliver(connection, {**GOOD, "id": "r2"})
    done = await intake(connection, now=NOW)
    assert (done.claimed, done.set_aside) == (3, 1)
    reasons = await set_aside(connection)
    assert set(reasons) == {unlucky}
    assert "cannot be stored" in reasons[unlucky]
    assert await engagements(connection) == 2
    assert await connection.fetchval("select count(*) from pending_delivery") == 0
    await count(connection)
    assert sum((await points(connection)).values()) == 5 + 3


async def test_a_delivery_about_people_outside_leaves_nothing(connection: Any) -> None:
    await raise_curtain(connection)
    await deliver(connection, {**GOOD, "id": "r1", "target": "somebody-else"})
    done = await intake(connection, now=NOW)
    assert (done.claimed, done.stored, done.set_aside) == (1, 0, 0)
    assert await engagements(connection) == 0


async def test_a_replay_counts_nothing_twice_and_brings_what_is_known_only_now(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await deliver(connection, {**GOOD, "id": "r1"})
    await intake(connection, now=NOW)
    await count(connection)
    before = await points(connection)
    entries = await connection.fetchval("select count(*) from entry")
    assert await replay(connection, platform="mastodon") == 0
    assert await replay(connection, since_at=NOW) == 1
    assert await replay(connection) == 0  # it waits already
    done = await intake(connection, now=NOW)
    assert (done.claimed, done.stored) == (1, 0)
    await count(connection)
    assert await points(connection) == before
    assert await connection.fetchval("select count(*) from entry") == entries
