"""A contest under other rules: as its charter counts, and nothing of the contest moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rewards import NoSuchContest, contest_by_slug, contest_under
from rewards.contests.record import read
from scoring import default_rulebook_toml
from tests.rewards.life.test_standing import A1, A2, running
from tests.rewards.life.world import END, START, answers, decided, found, fresh, tell

DEARER = default_rulebook_toml().replace("steps  = [[10, 5], [20, 2]]", "steps  = [[1, 50]]")


async def silent(done: int, of: int) -> None:
    """Nobody looks on."""


async def test_a_contest_keeps_its_result_and_is_counted_as_its_charter_counts(
    connection: Any,
) -> None:
    await found(connection)
    contest = await running(connection, metric="points", rulebook=default_rulebook_toml())
    slug = (await read(connection, contest)).charter.slug
    await tell(connection, *answers("a1", 2, START), *answers("a2", 1, START, since=20))
    # Neither a network without prizes nor what comes to be known after settling is seen.
    await tell(connection, *answers("a2", 9, START, since=40), network="x")
    await fresh(connection, START + timedelta(days=1))
    rows = await connection.fetch(
        "select person_id, value from tally where contest_id = $1 and mode = 'prize'", contest
    )
    stands = {row["person_id"]: row["value"] for row in rows if row["value"]}
    assert stands.keys() == {A1, A2}

    same = await contest_under(connection, slug, default_rulebook_toml(), END, silent)
    assert same is not None
    assert same.now == same.then
    assert (same.now.people, same.now.points) == (2, sum(stands.values()))
    other = await contest_under(connection, slug, DEARER, END, silent)
    assert other is not None
    assert other.now == same.now
    assert other.then.people == 2
    assert other.then.points > other.now.points

    await decided(connection)
    before = (await contest_by_slug(connection, slug)).charter
    assert await contest_under(connection, slug, DEARER, END + timedelta(days=9), silent) == other
    assert (await contest_by_slug(connection, slug)).charter == before


async def test_rules_give_a_contest_of_people_who_answered_nothing(connection: Any) -> None:
    await found(connection)
    contest = await running(connection)
    slug = (await read(connection, contest)).charter.slug
    assert await contest_under(connection, slug, DEARER, END, silent) is None
    with pytest.raises(NoSuchContest):
        await contest_under(connection, "no-such", DEARER, END, silent)
