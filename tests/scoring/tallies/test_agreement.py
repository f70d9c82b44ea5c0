"""A contest's points are the ledger's, for any world; order and repetition change no tally."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import look
from scoring.sight import ALL, Cutoff
from scoring.tallies import CountingTerms, Tallied, tally
from tests.scoring.scene import ANA, BEN, CEM, NETWORK, NOW, ZONE, count, hour
from tests.scoring.test_once import shuffled
from tests.scoring.worlds import Adopted, World, begin, worlds

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
