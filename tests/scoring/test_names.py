"""A network may call one post by two names; what answers or applauds it by either belongs to it."""

import itertools

import pytest

from scoring.explanation import explain
from scoring.facts import Engagement, Kind, Post, Removal
from scoring.verify import verify
from tests.scoring.company import NOW, ZONE, found, hours, points, settle, tell

OWN = Post("p1", "e1", hours(0), text="hello")
ASKED = Engagement(
    Kind.REPLY,
    "https://far.example/1",
    "o1",
    "e1",
    post="p1",
    occurred_at=hours(1),
    also=("home/77",),
)
ANSWERED = Engagement(Kind.REPLY, "a1", "e1", "o1", post="home/77", occurred_at=hours(2))


@pytest.mark.parametrize("facts", list(itertools.permutations([OWN, ASKED, ANSWERED])))
async def test_an_answer_finds_the_question_by_its_other_name_in_any_order(connection, facts):
    one, *_ = await found(connection)
    for fact in facts:
        await tell(connection, [fact])
        await settle(connection)
    assert await points(connection, one) == 5 + 3 + 4  # answered, new voice, conversed
    assert not (await verify(connection, zone=ZONE)).differences


async def test_applause_for_a_reshare_by_its_other_name_is_counted_explained_and_taken_back(
    connection,
):
    one, *_ = await found(connection)
    reshare = Engagement(
        Kind.RESHARE, "boost:co>p1", "co", "e1", post="p1", occurred_at=hours(3), also=("b9",)
    )
    applause = Engagement(Kind.REACTION, "like:o1>b9", "o1", "co", post="b9", occurred_at=hours(4))
    await tell(connection, [OWN, applause])
    await settle(connection)
    await tell(connection, [reshare])
    await settle(connection)
    assert await points(connection, one) == 41
    assert not (await verify(connection, zone=ZONE)).differences
    (day,) = await explain(connection, one, start_at=hours(-24), end_at=NOW, zone=ZONE)
    assert day.points == 41
    await tell(connection, [Removal("b9")])
    await settle(connection)
    assert await points(connection, one) == 0
    assert not (await verify(connection, zone=ZONE)).differences
