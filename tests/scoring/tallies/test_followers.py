"""Contests of followers, from the snapshots that were stored."""

from __future__ import annotations

from typing import Any

from scoring.facts import Snapshot
from scoring.sight import Cutoff
from scoring.tallies import audiences, snapshot_due
from scoring.tallies.followers import AT_END, AT_START, NOTHING_COUNTED
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    account,
    enrol,
    hour,
    own,
    raise_curtain,
    tell,
)
from tests.scoring.tallies.contest import SETTLED, counted, tell_at, terms, value

OVER = Cutoff(facts_by=SETTLED, holds_by=SETTLED)


async def polled(connection: Any, name: str, *counts: tuple[float, int]) -> None:
    """Followers of an account at hours, each recorded when it was seen."""
    for at, followers in counts:
        await tell_at(connection, hour(at), Snapshot(name, followers, hour(at)))


async def test_all_accounts_add_up_and_the_evidence_says_from_what(connection: Any) -> None:
    await raise_curtain(connection)
    await polled(connection, "ana", (-1, 100), (80, 400), (168, 130))
    await polled(connection, "ana2", (2, 1000), (170, 1015))
    found = await counted(connection, terms("followers"), cutoff=OVER)
    assert (found.value, found.reached_at, found.missing) == (45, None, None)
    assert sorted(fact.worth for fact in found.facts) == [-1000, -100, 130, 1015]
    assert {(fact.kind, fact.platform) for fact in found.facts} == {("snapshot", NETWORK)}
    ids = await connection.fetch("select id from snapshot where followers <> 400")
    assert {fact.id for fact in found.facts} == {str(row["id"]) for row in ids}
    assert await value(connection, terms("growth", growth_floor=1)) == 45 * 1000 // 1100


async def test_growth_has_a_floor(connection: Any) -> None:
    await raise_curtain(connection)
    await polled(connection, "ben", (0, 2), (168, 5))
    assert await value(connection, terms("growth", growth_floor=1), BEN) == 1500
    assert await value(connection, terms("growth", growth_floor=100), BEN) == 30


async def test_without_a_snapshot_at_the_end_nobody_places_once_it_is_over(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await polled(connection, "ben", (0, 10), (100, 25))
    running = await counted(connection, terms("followers"), BEN)
    assert (running.value, running.missing) == (15, None)
    awaited = Cutoff(facts_by=SETTLED, final=False)
    assert await counted(connection, terms("followers"), BEN, awaited) == running
    over = await counted(connection, terms("followers"), BEN, OVER)
    assert (over.value, over.missing, over.facts) == (0, AT_END, ())


async def test_without_a_snapshot_at_the_start_nobody_places(connection: Any) -> None:
    await raise_curtain(connection)
    await polled(connection, "ben", (30, 10), (168, 25))
    assert (await counted(connection, terms("followers"), BEN)).missing == AT_START
    await polled(connection, "ana", (0, 10), (168, 25))
    await polled(connection, "ana2", (30, 10), (168, 25))
    assert (await counted(connection, terms("followers"))).missing == AT_START


async def test_an_account_that_was_never_counted_is_left_out(connection: Any) -> None:
    await raise_curtain(connection)
    assert (await counted(connection, terms("followers"))).missing == AT_START
    await polled(connection, "ana", (0, 10), (168, 25))
    found = await counted(connection, terms("followers"), cutoff=OVER)
    assert (found.value, found.missing) == (15, None)


async def test_who_has_no_account_there_has_nothing_to_count(connection: Any) -> None:
    await raise_curtain(connection)
    await polled(connection, "ben", (0, 10), (168, 25))
    elsewhere = terms("followers", platforms=frozenset({"mastodon"}))
    assert (await counted(connection, elsewhere, BEN)).missing == NOTHING_COUNTED
    assert await value(connection, elsewhere, BEN) == 0


async def test_a_late_link_begins_at_its_first_snapshot(connection: Any) -> None:
    await raise_curtain(connection, linked=False)
    await own(connection, "ben", BEN, hour(40))
    await polled(connection, "ben", (39, 5), (41, 50), (168, 60))
    assert await value(connection, terms("followers"), BEN) == 10


async def test_an_unlinked_account_freezes_at_its_last_snapshot(connection: Any) -> None:
    await raise_curtain(connection)
    await polled(connection, "ben", (0, 10), (60, 30), (70, 40), (168, 99))
    await own(connection, "ben", None, hour(65))
    found = await counted(connection, terms("followers"), BEN, OVER)
    assert (found.value, found.missing) == (20, None)


async def test_a_pause_gains_nothing_and_keeps_what_was_gained(connection: Any) -> None:
    await raise_curtain(connection)
    await polled(connection, "ben", (0, 10), (48, 15), (52, 40), (102, 70), (168, 72))
    await enrol(connection, BEN, "paused", hour(50))
    await enrol(connection, BEN, "active", hour(100))
    assert await value(connection, terms("followers"), BEN) == 5 + 2
    assert await value(connection, terms("growth"), BEN) == 7 * 1000 // 10


async def test_an_account_that_changed_hands_counts_for_each_in_their_time(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await own(connection, "ana", CEM, hour(90), "every")
    await polled(connection, "ana", (0, 10), (80, 30), (100, 50), (168, 55))
    assert await value(connection, terms("followers")) == 20
    assert await value(connection, terms("followers"), CEM) == 5


async def test_a_snapshot_recorded_after_settling_does_not_count(connection: Any) -> None:
    await raise_curtain(connection)
    await polled(connection, "ben", (0, 10), (160, 25))
    await tell_at(connection, hour(300), Snapshot("ben", 99, hour(168)))
    assert (await counted(connection, terms("followers"), BEN, OVER)).value == 15
    assert await value(connection, terms("followers"), BEN) == 89


async def test_an_audience_is_the_latest_count_or_the_first_of_the_day_after(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await polled(connection, "ana", (-400, 90), (-5, 100), (1, 500))
    await polled(connection, "ana2", (20, 1000), (23, 1))
    await polled(connection, "ben", (25, 7))
    networks = frozenset({NETWORK})
    found = await audiences(connection, [ANA, BEN, CEM], at=hour(0), platforms=networks)
    assert found == {ANA: 1100, BEN: None, CEM: None}
    await own(connection, "ana2", None, hour(-1))
    found = await audiences(connection, [ANA, BEN], at=hour(2), platforms=networks)
    assert found == {ANA: 500, BEN: 7}
    assert await audiences(connection, [ANA], at=hour(2), platforms=["mastodon"]) == {ANA: None}


async def test_accounts_nobody_counted_within_a_day_are_due(connection: Any) -> None:
    await raise_curtain(connection)
    await own(connection, "cem", None, hour(-10))
    await polled(connection, "ana", (-24, 90))
    await polled(connection, "ben", (-25, 90), (25, 80))
    due = await snapshot_due(connection, [ANA, BEN, CEM], hour(0))
    assert [(one.person_id, one.account_id, one.native_id) for one in due] == [
        (ANA, account("ana2"), "ana2"), (BEN, account("ben"), "ben"),
    ]  # fmt: skip
    assert await snapshot_due(connection, [ANA, BEN], hour(0), ["mastodon"]) == []
    assert await snapshot_due(connection, [ANA], hour(0), [NETWORK]) == due[:1]


async def test_followers_told_in_any_order_are_the_same(connection: Any) -> None:
    await raise_curtain(connection)
    counts = [Snapshot("ben", followers, hour(at)) for at, followers in ((0, 9), (0, 7), (168, 20))]
    await tell(connection, *counts)
    first = await value(connection, terms("followers"), BEN)
    await connection.execute(
        "begin; set local fanfare.forgetting = 'on'; delete from snapshot; commit"
    )
    for one in reversed(counts):
        await tell(connection, one)
    assert await value(connection, terms("followers"), BEN) == first
