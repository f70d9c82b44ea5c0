"""Why these points: the page's numbers are the ledger's, and nothing that happened is left out."""

from datetime import date

from scoring.explanation import explain
from scoring.facts import Engagement, Figure, Kind, Post, Removal
from scoring.relation import Outcome
from tests.scoring.company import NOW, TAG, ZONE, found, hours, points, settle, tell


async def days_of(connection, person):
    return await explain(connection, person, start_at=hours(-24), end_at=NOW, zone=ZONE)


async def test_the_points_of_every_day_are_the_ledgers(connection):
    one, *_ = await found(connection)
    await tell(
        connection,
        [
            Post("p1", "e1", hours(0), text="A morning at the mill"),
            Engagement(Kind.POST, "p1", "e1", None, occurred_at=hours(0)),
            *(
                Engagement(Kind.REPLY, f"r{n}", f"o{n}", "e1", post="p1", occurred_at=hours(n))
                for n in range(40)
            ),
            Figure("p1", Kind.REACTION, 7, hours(30)),
            Engagement(Kind.QUOTE, "q1", "co", "e1", post="p1", occurred_at=hours(50)),
        ],
    )
    await settle(connection)
    days = await days_of(connection, one)
    assert sum(day.points for day in days) == await points(connection, one) > 0
    for day in days:
        assert day.points == sum(rule.points for rule in day.rules)
        assert all(rule.points == sum(line.points for line in rule.lines) for rule in day.rules)
    assert [day.on for day in days] == sorted((day.on for day in days), reverse=True)


async def test_a_line_names_the_own_post_and_never_a_strangers_words(connection):
    one, *_ = await found(connection)
    await tell(
        connection,
        [
            Post("p1", "e1", hours(0), text="My charity run", url="https://x.example/p1"),
            Post("r1", "o1", hours(1), text="a stranger's private-ish answer"),
            Engagement(Kind.REPLY, "r1", "o1", "e1", post="p1", occurred_at=hours(1)),
            Engagement(Kind.REPLY, "a1", "e1", "o1", post="r1", occurred_at=hours(2)),
        ],
    )
    await settle(connection)
    (day,) = await days_of(connection, one)
    lines = [line for rule in day.rules for line in rule.lines]
    assert {line.text for line in lines if line.relation == "earned"} == {"My charity run"}
    assert {line.text for line in lines if line.relation == "conversed"} == {None}
    assert (
        await connection.fetchval("select count(*) from post_text where text like '%stranger%'")
        == 0
    )


async def test_what_did_not_count_is_there_with_its_reason(connection):
    one, two, three = await found(connection)
    like = Kind.REACTION
    await tell(
        connection,
        [
            Post("p1", "e1", hours(0), text="hello"),
            Post("p3", "e3", hours(0), text="nothing to do with work"),
            Post("p4", "e3", hours(0), text=f"at work {TAG}"),
            Engagement(Kind.REPLY, "peer", "e2", "e1", post="p1", occurred_at=hours(1)),
            Engagement(Kind.REPLY, "first", "o1", "e1", post="p1", occurred_at=hours(2)),
            Engagement(Kind.REPLY, "again", "o1", "e1", post="p1", occurred_at=hours(3)),
            Engagement(Kind.REPLY, "gone", "o2", "e1", post="p1", occurred_at=hours(4)),
            Removal("gone"),
            *(
                Engagement(like, f"like:o{n}>p1", f"o{n}", "e1", post="p1", occurred_at=hours(5))
                for n in range(21)
            ),
            Engagement(Kind.REPLY, "quiet", "o1", "e3", post="p3", occurred_at=hours(6)),
            Engagement(Kind.REPLY, "loud", "o1", "e3", post="p4", occurred_at=hours(6)),
        ],
    )
    await settle(connection)
    (day,) = await days_of(connection, one)
    reasons = [line.outcome for line in day.uncounted]
    for expected in (
        Outcome.COLLEAGUE,
        Outcome.ALREADY_COUNTED,
        Outcome.REMOVED,
        Outcome.BEYOND_STEPS,
    ):
        assert reasons.count(expected) == 1, expected
    assert all(outcome.words.endswith(".") for outcome in Outcome)
    (third,) = await days_of(connection, three)
    assert [line.outcome for line in third.uncounted] == [Outcome.NOT_DISCLOSED]
    assert third.points > 0
    assert await days_of(connection, two) == []  # answering a colleague is the colleague's page


async def test_an_account_of_before_is_nobodys_business(connection):
    """What happened to an account while somebody else, or nobody, owned it stays off the page."""
    one, *_ = await found(connection)
    await tell(
        connection, [Engagement(Kind.FOLLOW, "o1>e1", "o1", "e1", occurred_at=hours(-24 * 60))]
    )
    await settle(connection)
    days = await explain(connection, one, start_at=hours(-24 * 90), end_at=NOW, zone=ZONE)
    assert days == []


async def test_days_follow_the_companys_clock(connection):
    one, *_ = await found(connection)
    late = hours(14.5)  # 23:30 UTC on Monday is Tuesday in Berlin
    await tell(connection, [Engagement(Kind.FOLLOW, "o1>e1", "o1", "e1", occurred_at=late)])
    await settle(connection)
    (day,) = await days_of(connection, one)
    assert day.on == date(2026, 11, 3)
