"""What is recorded after a contest was settled counts in no way; what a person releases, does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from scoring.facts import Engagement, Figure, Kind, Post, Removal
from scoring.identity import engagement_id
from scoring.score import score
from scoring.sight import ALL, EVERYTHING, Cutoff
from scoring.store import Told, store
from scoring.topics.marking import choose_topic
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    ZONE,
    account,
    company_topics,
    hour,
    post_id,
    raise_curtain,
    reply,
    told,
    wrote,
)
from tests.scoring.tallies.contest import SETTLED, counted, tell_at, terms

AT_SETTLING = Cutoff(facts_by=SETTLED, holds_by=hour(400))
IN_TIME, LATE = hour(200), hour(260)


async def results(connection: Any, metric: str = "responses", person: int = 1) -> tuple[int, int]:
    """As settled, and as known now."""
    asked = terms(metric)
    settled = await counted(connection, asked, person, AT_SETTLING)
    return settled.value, (await counted(connection, asked, person)).value


async def test_a_late_delivery_counts_if_it_is_recorded_before_settling_ends(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell_at(connection, IN_TIME, reply("r1", "zoe", "ana", "p1", 160))
    await tell_at(connection, LATE, reply("r2", "yan", "ana", "p1", 160))
    assert await results(connection) == (1, 2)
    assert await results(connection, "points") == (8, 16)


async def test_the_cutoff_itself_is_too_late(connection: Any) -> None:
    await raise_curtain(connection)
    await tell_at(connection, SETTLED, reply("r1", "zoe", "ana", "p1", 160))
    assert await results(connection) == (0, 1)


async def test_what_is_deleted_after_settling_is_not_taken_back(connection: Any) -> None:
    await raise_curtain(connection)
    await tell_at(
        connection,
        IN_TIME,
        reply("r1", "zoe", "ana", "p1", 1),
        reply("r2", "yan", "ana", "p1", 2),
        reply("r3", "xia", "ana", "p1", 3, also=("other",)),
    )
    await tell_at(connection, hour(230), Removal("r1"))
    await tell_at(connection, LATE, Removal("r2"), Removal("other"))
    assert await results(connection) == (2, 0)


async def test_a_further_name_told_after_settling_changes_nothing(connection: Any) -> None:
    await raise_curtain(connection)
    await tell_at(connection, IN_TIME, reply("r1", "zoe", "ana", "p1", 1, also=("one",)))
    await tell_at(connection, hour(210), Removal("one"))
    assert await results(connection) == (0, 0)
    await tell_at(connection, LATE, reply("r1", "zoe", "ana", "p1", 1, also=("two",)))
    assert await results(connection) == (0, 1)


async def test_a_better_time_told_after_settling_moves_nothing(connection: Any) -> None:
    await raise_curtain(connection)
    await tell_at(connection, hour(180), reply("r1", "zoe", "ana", "p1", 100))
    await tell_at(connection, LATE, reply("r1", "zoe", "ana", "p1", -5))
    await tell_at(connection, hour(185), reply("r2", "yan", "ana", "p1", 170))
    await tell_at(connection, hour(190), reply("r2", "yan", "ana", "p1", 150))
    found = await counted(connection, terms("responses"), cutoff=AT_SETTLING)
    assert (found.value, found.reached_at) == (2, hour(150))
    found = await counted(connection, terms("responses"))
    assert (found.value, found.reached_at) == (1, hour(150))


async def test_two_tellings_read_in_one_batch_are_known_each_from_its_own_receipt(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    tellings = [
        Told(one.delivery, one.telling, one.delivery.received_at)
        for at, received_at in ((150, hour(180)), (100, LATE), (120, IN_TIME))
        for one in told([reply("r1", "zoe", "ana", "p1", at)], received_at)
    ]
    async with connection.transaction():
        await store(connection, tellings, now=hour(900))
    found = await counted(connection, terms("responses"), cutoff=AT_SETTLING)
    assert (found.value, found.reached_at) == (1, hour(120))
    assert (await counted(connection, terms("responses"))).reached_at == hour(100)


async def test_a_disclosure_counts_at_the_original_time_until_settling_ends(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell_at(
        connection, hour(2), reply("r1", "zoe", "ben", "p2", 1), reply("r2", "zoe", "ben", "p3", 1)
    )
    assert await results(connection, person=BEN) == (0, 0)
    await _mark(connection, "p2", "disclosed", IN_TIME)
    await _mark(connection, "p3", "disclosed", LATE)
    assert await results(connection, "answers", BEN) == (1, 2)
    await _mark(connection, "p3", "handed_in", LATE)
    assert await results(connection, "answers", CEM) == (0, 0)


async def test_a_topic_said_or_taken_off_after_settling_moves_boards_only(connection: Any) -> None:
    await raise_curtain(connection)
    await company_topics(connection, safety=["#safety"], garden=[], music=[])
    await tell_at(
        connection,
        IN_TIME,
        wrote("p1", "ana", 100),
        Post("p1", "ana", hour(100), "hello", topics=("safety", "garden")),
    )
    for topic, stands in (("safety", False), ("garden", True), ("music", True)):
        await choose_topic(connection, post_id("p1"), topic, by=ANA, stands=stands, now=LATE)
    assert await results(connection, "points") == (8, 12)


async def _mark(connection: Any, post: str, name: str, at: datetime) -> None:
    await connection.execute(
        """insert into mark (post_id, name, value, effective_at, recorded_at)
           values ($1, $2, null, $3, $3)""",
        post_id(post),
        name,
        at,
    )


async def test_a_figure_seen_in_time_and_told_too_late_does_not_count(connection: Any) -> None:
    await raise_curtain(connection)
    await tell_at(connection, hour(1), Post("p1", "ana", hour(0)))
    await tell_at(connection, IN_TIME, Figure("p1", Kind.REPLY, 3, hour(150)))
    await tell_at(connection, LATE, Figure("p1", Kind.REPLY, 7, hour(160)))
    assert await results(connection, "answers") == (3, 7)


async def test_a_deed_completed_after_settling_counts_for_nobody(connection: Any) -> None:
    """Whose post the company quoted is known from the post; both must have been told in time."""
    await raise_curtain(connection)
    quote = Engagement(Kind.QUOTE, "q1", "acme", None, post="p1", occurred_at=hour(3))
    await tell_at(connection, IN_TIME, quote)
    await tell_at(connection, LATE, Post("p1", "ana", hour(0)))
    assert await results(connection, "points") == (0, 40)


async def test_a_deed_completed_late_by_a_slow_worker_became_known_with_what_was_told(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    quote = Engagement(Kind.QUOTE, "q1", "acme", None, post="p1", occurred_at=hour(170))
    await _store(connection, IN_TIME, quote, Post("p1", "ana", hour(0)))
    await _store(connection, hour(210), replace(quote, occurred_at=hour(100)))
    await _store(connection, LATE, replace(quote, occurred_at=hour(3)), Removal("q1"))
    while (await score(connection, now=hour(900), zone=ZONE)).changes:
        pass
    found = await counted(connection, terms("points"), cutoff=AT_SETTLING)
    assert (found.value, found.reached_at) == (40, hour(100))
    assert await results(connection, "points") == (40, 0)


async def _store(connection: Any, received_at: datetime, *facts: Any) -> None:
    """Deliveries accepted at a moment, whose facts no worker has counted yet."""
    async with connection.transaction():
        await store(connection, told(facts, received_at), now=received_at)


@pytest.mark.parametrize(("released_at", "worth"), [(hour(250), 1), (hour(401), 0)])
async def test_what_is_released_after_settling_counts_at_its_original_time(
    connection: Any, released_at: datetime, worth: int
) -> None:
    await raise_curtain(connection)
    await tell_at(connection, hour(2), reply("r1", "zoe", "ana", "p1", 1))
    deed = engagement_id(NETWORK, Kind.REPLY, "r1", account("ana"))
    await _hold(connection, deed, True, hour(3))
    assert await results(connection) == (0, 0)
    await _hold(connection, deed, False, released_at)
    found = await counted(connection, terms("responses"), cutoff=AT_SETTLING)
    assert found.value == worth
    if worth:
        assert found.reached_at == hour(1)


async def test_what_is_held_after_the_decision_still_stood_in_it(connection: Any) -> None:
    await raise_curtain(connection)
    await tell_at(connection, hour(2), reply("r1", "zoe", "ana", "p1", 1))
    deed = engagement_id(NETWORK, Kind.REPLY, "r1", account("ana"))
    await _hold(connection, deed, True, hour(500))
    assert await results(connection) == (1, 0)


async def _hold(connection: Any, deed: Any, held: bool, at: datetime) -> None:
    case = await connection.fetchval(
        """insert into case_file (kind, reason, evidence, recorded_at)
           values ('test', 'odd', '{}', $1) returning id""",
        at,
    )
    await connection.execute(
        "insert into hold (engagement_id, case_id, held, recorded_at) values ($1, $2, $3, $4)",
        deed,
        case,
        held,
        at,
    )


async def test_points_earned_long_ago_keep_their_key_however_it_is_cut(connection: Any) -> None:
    """Somebody new counts once for ever: an earlier answer told too late takes nothing away."""
    await raise_curtain(connection)
    await tell_at(connection, hour(10), reply("r1", "zoe", "ana", "p1", 5))
    await tell_at(connection, LATE, reply("r0", "zoe", "ana", "p0", -300))
    assert await results(connection, "points") == (8, 5)


def test_everything_is_seen_where_nothing_is_said() -> None:
    assert ALL.facts("e") == ALL.holds("h") == ""
    assert EVERYTHING.cutoff == Cutoff()


def test_a_cutoff_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Cutoff(facts_by=datetime(2026, 12, 1)).facts("e")  # noqa: DTZ001
