"""A deed done to a post whose author the network did not name belongs to that author all the same."""

import itertools

import pytest

from scoring.facts import Engagement, Kind, Post, Removal
from tests.scoring.company import found, hours, points, settle, tell

POST = Post("p1", "e1", hours(0), text="hello")
AIMLESS = Engagement(Kind.RESHARE, "q1", "co", None, post="p1", occurred_at=hours(5))
AIMED = Engagement(Kind.RESHARE, "q1", "co", "e1", post="p1", occurred_at=hours(5))


@pytest.mark.parametrize("facts", list(itertools.permutations([POST, AIMLESS, AIMED])))
async def test_told_with_or_without_its_target_in_any_order_it_counts_once(connection, facts):
    one, *_ = await found(connection)
    for fact in facts:
        await tell(connection, [fact])
        await settle(connection)
    assert await points(connection, one) == 40
    await tell(connection, [Removal("q1")])
    await settle(connection)
    assert await points(connection, one) == 0


async def test_without_the_post_it_counts_for_nobody(connection):
    await found(connection)
    await tell(connection, [AIMLESS])
    await settle(connection)
    assert await connection.fetchval("select count(*) from entry") == 0


async def test_ones_own_post_is_no_target(connection):
    one, *_ = await found(connection)
    await tell(
        connection,
        [POST, Engagement(Kind.RESHARE, "q2", "e1", None, post="p1", occurred_at=hours(1))],
    )
    await settle(connection)
    assert await points(connection, one) == 0
