"""A contest's points are the ledger's, for any world; order and repetition change no tally."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import look
from scoring.facts import Snapshot
from scoring.metrics import contest_metrics
from scoring.score import score
from scoring.tallies import CountingTerms, Tallied, seen_on, tally, tally_each
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    NETWORK,
    NOW,
    OWNERS,
    ZONE,
    count,
    hour,
    raise_curtain,
    reply,
    tell,
)  # fmt: skip
from tests.scoring.test_once import shuffled
from tests.scoring.worlds import TIGHT, Adopted, Told, World, begin, worlds

thorough = settings.get_current_profile_name() == "thorough"
EXAMPLES = 1500 if thorough else 25
EVERYBODY = (ANA, BEN, CEM)


def without_corrections(world: World) -> World:
    """A charter knows one rulebook; a later version is not the contest's."""
    return World(world.toml, tuple(act for act in world.acts if not isinstance(act, Adopted)))


def terms_of(world: World, **more: Any) -> CountingTerms:
    """A contest of points over everything that can happen in a world."""
    usual = {
        "metric": "points", "start_at": hour(-400), "end_at": hour(700),
        "platforms": frozenset({NETWORK}), "rulebook": world.toml, "zone": ZONE,
        "needs_disclosure": False,
    }  # fmt: skip
    return CountingTerms(**(usual | more))


async def ledger(connection: Any, terms: CountingTerms) -> dict[int, int]:
    """What the entries of the contest's stretch add up to."""
    rows = await connection.fetch(
        """select person_id, sum(points)::int as points from entry
           where occurred_at >= $1 and occurred_at < $2 group by 1""",
        terms.start_at,
        terms.end_at,
    )
    return dict.fromkeys(EVERYBODY, 0) | {row["person_id"]: row["points"] for row in rows}


def values(found: dict[int, Tallied]) -> dict[int, int]:
    return {person: one.value for person, one in found.items()}


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    world=worlds(),
    start=st.sampled_from([-400, 0, 5, 14, 30, 134]),
    length=st.sampled_from([2, 48, 150, 900]),
    seed=st.integers(0, 2**32),
)
async def test_a_contest_of_points_gives_what_the_ledger_says_of_its_stretch(
    connection: Any, world: World, start: int, length: int, seed: int
) -> None:
    random = Random(seed)
    world = without_corrections(world)
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    await count(connection)
    terms = terms_of(world, start_at=hour(start), end_at=hour(start + length))
    usual = look.AT_ONCE, look.FIRST_LOOK
    look.AT_ONCE, look.FIRST_LOOK = random.choice([1, 3, usual[0]]), random.choice([2, usual[1]])
    try:
        found = await tally(connection, terms, EVERYBODY, with_facts=True)
    finally:
        look.AT_ONCE, look.FIRST_LOOK = usual
    assert values(found) == await ledger(connection, terms)
    for one in found.values():
        assert sum(fact.worth for fact in one.facts) == one.value
        assert one.reached_at == max((fact.at for fact in one.facts), default=None)


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    world=worlds(),
    counts=st.lists(
        st.builds(
            Snapshot,
            st.sampled_from(["ana", "ana2", "ben", "cem"]),
            st.integers(0, 40),
            st.sampled_from([-30, -1, 0, 5, 20, 150, 167, 170, 191, 200]).map(hour),
        ),
        max_size=8,
    ),
    needs_disclosure=st.booleans(),
    seed=st.integers(0, 2**32),
)
async def test_order_and_repetition_and_split_leave_the_same_tallies(
    connection: Any, world: World, counts: list[Snapshot], needs_disclosure: bool, seed: int
) -> None:
    random = Random(seed)
    acts = (*without_corrections(world).acts, *(Told(one) for one in counts))
    world = World(world.toml, acts)

    async def tallies() -> dict[str, Any]:
        await count(connection)
        found = {}
        for metric in contest_metrics():
            terms = terms_of(
                world, metric=metric, start_at=hour(0), end_at=hour(168),
                needs_disclosure=needs_disclosure, growth_floor=10,
            )  # fmt: skip
            tallied = await tally(connection, terms, EVERYBODY, with_facts=True)
            for person, one in tallied.items():
                # A snapshot's id only names its row; which comes first in it decides nothing.
                facts = {(f.kind, f.key, f.at, f.worth) for f in one.facts}
                found[f"{metric} {person}"] = (one.value, one.reached_at, one.missing, facts)
        return found

    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    expected = await tallies()
    await begin(connection, world)
    for act in shuffled(world, random):
        await act.happen(connection)
        if random.random() < 0.3:
            await score(connection, now=NOW, zone=ZONE, limit=random.choice([1, 50]))
    assert await tallies() == expected


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    world=worlds(),
    asked=st.lists(
        st.tuples(
            st.sampled_from(sorted(contest_metrics())),
            st.sampled_from([-400, 0, 5, 14, 30, 134]),
            st.sampled_from([2, 48, 150, 900]),
            st.booleans(),
        ),
        min_size=1, max_size=8,
    ),
)  # fmt: skip
async def test_contests_counted_together_are_as_each_alone(
    connection: Any, world: World, asked: list[tuple[str, int, int, bool]]
) -> None:
    world = without_corrections(world)
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    await count(connection)
    several = [
        terms_of(
            world, metric=metric, start_at=hour(start), end_at=hour(start + length),
            needs_disclosure=needs_disclosure,
        )
        for metric, start, length, needs_disclosure in asked
    ]  # fmt: skip
    alone = [await tally(connection, terms, EVERYBODY, with_facts=True) for terms in several]
    assert await tally_each(connection, several, EVERYBODY, with_facts=True) == alone


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(world=worlds())
async def test_who_is_not_seen_on_a_network_has_nothing_that_counts_there(
    connection: Any, world: World
) -> None:
    world = without_corrections(world)
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    seen = await seen_on(connection, EVERYBODY, [NETWORK])
    for metric in ("points", "responses", "answers"):
        found = await tally(connection, terms_of(world, metric=metric), EVERYBODY)
        assert {person for person, one in found.items() if one.value} <= seen
    assert await seen_on(connection, EVERYBODY, ["another"]) == set()


async def test_people_are_counted_in_pages_as_they_are_at_once(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        *(reply(f"r{n}", f"out{n}", name, f"p-{name}", n) for n, name in enumerate(OWNERS)),
    )
    terms = CountingTerms(
        metric="points", start_at=hour(-24), end_at=hour(24), platforms=frozenset({NETWORK}),
        rulebook=TIGHT, zone=ZONE, needs_disclosure=False,
    )  # fmt: skip
    whole = await tally(connection, terms, EVERYBODY, with_facts=True)
    monkeypatch.setattr("scoring.tallies.counting.PAGE", 1)
    assert await tally(connection, terms, EVERYBODY, with_facts=True) == whole


async def test_whoever_has_too_much_for_one_look_is_counted_whole(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "AT_ONCE", 10)
    monkeypatch.setattr(look, "FIRST_LOOK", 4)
    await raise_curtain(connection)
    await tell(connection, *(reply(f"r{n}", f"out{n % 60}", "ana", "p1", n) for n in range(120)))
    for metric, value in (("responses", 60), ("answers", 60)):
        terms = CountingTerms(
            metric=metric, start_at=hour(0), end_at=hour(200), platforms=frozenset({NETWORK}),
            rulebook=None, zone=ZONE, needs_disclosure=False,
        )  # fmt: skip
        assert (await tally(connection, terms, [ANA]))[ANA].value == value
