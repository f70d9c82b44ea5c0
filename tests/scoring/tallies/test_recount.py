"""The plain SQL and the counting come to the same, whatever happened, under every metric and cut-off."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.facts import Snapshot
from scoring.sight import Cutoff
from scoring.tallies import CountingTerms, tally
from scoring.verify.contests import Recounted, recount_contest
from tests.scoring.scene import ANA, BEN, CEM, NETWORK, ZONE, count, hour, tell
from tests.scoring.worlds import TIGHT, WIDE, World, begin, worlds

EVERYBODY = [ANA, BEN, CEM]


async def both(connection: Any, terms: CountingTerms, cutoff: Cutoff) -> tuple[Any, Any]:
    counted = await tally(connection, terms, EVERYBODY, cutoff=cutoff)
    recounted = await recount_contest(connection, terms, EVERYBODY, cutoff)
    found = {p: Recounted(one.value, one.reached_at, one.goals) for p, one in counted.items()}
    return found, recounted


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    world=worlds(),
    metric=st.sampled_from(["responses", "answers", "points", "improved"]),
    start=st.sampled_from([0, 1, 14, 100]),
    length=st.sampled_from([1, 24, 168, 400]),
    rulebook=st.sampled_from([TIGHT, WIDE]),
    needs_disclosure=st.booleans(),
)
async def test_tallies_and_plain_sql_agree(
    connection: Any, world: World, metric: str, start: int, length: int, rulebook: str,
    needs_disclosure: bool,
) -> None:  # fmt: skip
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    await count(connection)
    terms = CountingTerms(
        metric=metric, start_at=hour(start), end_at=hour(start + length), rulebook=rulebook,
        platforms=frozenset({NETWORK}), zone=ZONE, needs_disclosure=needs_disclosure, goals=(1, 2, 9),
    )  # fmt: skip
    counted, recounted = await both(connection, terms, Cutoff())
    assert counted == recounted


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    world=worlds(),
    metric=st.sampled_from(["followers", "growth"]),
    counts=st.lists(
        st.tuples(
            st.sampled_from(["ana", "ana2", "ben", "cem"]),
            st.sampled_from([-30, -24, -1, 0, 3, 20, 40, 71, 72, 75, 96, 97]),
            st.integers(0, 40),
        ),
        max_size=12,
    ),
)
async def test_followers_and_plain_sql_agree(
    connection: Any, world: World, metric: str, counts: list[tuple[str, float, int]]
) -> None:
    await begin(connection, world)
    for act in world.acts:
        await act.happen(connection)
    for name, at, followers in counts:
        await tell(connection, Snapshot(name, followers, hour(at)))
    terms = CountingTerms(
        metric=metric, start_at=hour(0), end_at=hour(72), rulebook=None, growth_floor=10,
        platforms=frozenset({NETWORK}), zone=ZONE, needs_disclosure=False,
    )  # fmt: skip
    counted, recounted = await both(connection, terms, Cutoff(facts_by=hour(10_000)))
    assert counted == recounted
