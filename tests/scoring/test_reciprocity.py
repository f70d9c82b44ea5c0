"""Give and take: a reshare is matched, credited, shown, and taken back when it goes."""

from scoring.facts import Engagement, Kind, Post, Removal
from scoring.origins import mix
from scoring.reciprocity import balances, give_back_rate, wall
from tests.scoring.company import NOW, found, hours, points, settle, tell

SPAN = {"start_at": hours(-100), "end_at": NOW}
RUN = Post("p1", "e1", hours(0), text="My charity run", url="https://x.example/p1")
RESHARE = Engagement(Kind.QUOTE, "q1", "co", "e1", post="p1", occurred_at=hours(5))
APPLAUSE = Engagement(Kind.REACTION, "like:o1>q1", "o1", "co", post="q1", occurred_at=hours(6))


async def test_the_companys_reshare_is_credited_named_and_applauded(connection):
    one, *_ = await found(connection)
    await tell(connection, [APPLAUSE, RESHARE, RUN])
    await settle(connection)
    (reshare,) = await wall(connection, limit=5)
    assert (reshare.person_id, reshare.points, reshare.text) == (one, 40, "My charity run")
    assert await points(connection, one) == 41
    assert (await mix(connection, [one], **SPAN))[one].reshared == 41


async def test_a_removed_reshare_takes_back_its_credit_its_applause_and_its_place_on_the_wall(
    connection,
):
    one, *_ = await found(connection)
    await tell(connection, [RUN, RESHARE, APPLAUSE])
    await settle(connection)
    await tell(connection, [Removal("q1")])
    await settle(connection)
    assert await wall(connection, limit=5) == []
    assert await points(connection, one) == 0
    assert (await balances(connection, [one], **SPAN))[one].received == 0


async def test_the_balance_counts_each_post_once(connection):
    one, two, three = await found(connection)
    await tell(
        connection,
        [
            RUN,
            RESHARE,
            Engagement(Kind.RESHARE, "q2", "co", "e1", post="p1", occurred_at=hours(9)),
            Engagement(Kind.RESHARE, "s1", "e1", "co", post="story", occurred_at=hours(1)),
            Engagement(Kind.RESHARE, "s2", "e2", "co", post="story", occurred_at=hours(1)),
        ],
    )
    await settle(connection)
    found_balances = await balances(connection, [one, two, three], **SPAN)
    assert [(b.given, b.received) for b in found_balances.values()] == [(1, 1), (1, 0), (0, 0)]
    assert await give_back_rate(connection, **SPAN) == 0.5


async def test_without_anything_given_there_is_no_rate(connection):
    await found(connection)
    assert await give_back_rate(connection, **SPAN) is None


async def test_a_reshare_of_somebody_outside_is_nobodys(connection):
    await found(connection)
    await tell(
        connection, [Engagement(Kind.RESHARE, "q9", "co", "o9", post="px", occurred_at=hours(1))]
    )
    await settle(connection)
    assert await wall(connection, limit=5) == []
