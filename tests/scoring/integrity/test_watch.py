"""Looking at what is in the database: bounded, repeatable, and held only until a person decides."""

from __future__ import annotations

import asyncio
import importlib
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

import scoring
from scoring.facts import Engagement, Fact, Kind, Post, Snapshot
from scoring.integrity import watch
from scoring.integrity.detectors.new_account_bursts import AROUND
from scoring.integrity.happened import LOOK_BACK
from scoring.touched import LOOK_AFTER, NOTED_ANEW
from tests.scoring.scene import (
    ANA,
    BEN,
    CEM,
    MONDAY,
    NOW,
    ZONE,
    by_rule,
    count,
    enrol,
    hour,
    mark,
    post_id,
    raise_curtain,
    reply,
    share,
    tell,
    wrote,
)

watching = importlib.import_module("scoring.integrity.watch")  # the package's name is the function

TEXT = (
    "Three years ago we repaired our first pump in the small workshop behind the harbour, today the"
    " ten thousandth left the bench and nobody wanted to go home."
)


def said(name: str, author: str, at: float, text: str = TEXT) -> list[Fact]:
    """Somebody posts a text of theirs."""
    return [wrote(name, author, at), Post(name, author, hour(at), text=text)]


def burst(person: str, post: str, at: float, accounts: int = 20) -> list[Fact]:
    """Accounts never seen before answer within minutes."""
    return [
        reply(f"{post}-{n}", f"new-{post}-{n}", person, post, at + n / 100) for n in range(accounts)
    ]


async def watched(connection: Any) -> list[int]:
    """Score, look at everybody who is noted as if hours had passed, and score again: the cases."""
    await count(connection)
    await connection.execute("update unwatched set due_at = now()")
    cases: list[int] = []
    while (done := await watch(connection, NOW)).people:
        cases += done.cases
    await count(connection)
    return cases


async def held(connection: Any) -> int:
    """How many engagements are held now."""
    return int(
        await connection.fetchval(
            """select count(*) from (select distinct on (engagement_id) held from hold
               order by engagement_id, id desc) last where held"""
        )
    )


async def kinds(connection: Any) -> list[tuple[str, int | None]]:
    rows = await connection.fetch("select kind, person_id from case_file order by id")
    return [(row["kind"], row["person_id"]) for row in rows]


async def test_a_copy_is_held_and_the_first_who_wrote_it_keeps_everything(connection: Any) -> None:
    await raise_curtain(connection)
    edited = TEXT.replace("small", "tiny").replace("first", "very first") + " #teamacme https://a.b"
    await tell(connection, *said("a1", "ana", 1), *said("b1", "ben", 30, edited))

    assert len(await watched(connection)) == 1

    assert await kinds(connection) == [("near_duplicates", None)]
    assert await held(connection) == 1
    assert (await by_rule(connection, ANA))["authored"] == 4
    assert (await by_rule(connection, BEN)).get("authored", 0) == 0
    case = await connection.fetchrow("select reason, evidence from case_file")
    assert not any(word in f"{case['reason']}{case['evidence']}" for word in ("pump", "harbour"))


async def test_a_copy_meets_its_original_weeks_later_in_any_order_of_arrival(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("b1", "ben", 24 * 8, f"{TEXT} #teamacme"))
    assert await watched(connection) == []
    await tell(connection, *said("a1", "ana", 1))  # known later, written first
    assert len(await watched(connection)) == 1
    assert await kinds(connection) == [("near_duplicates", None)]


@pytest.mark.parametrize(
    "facts",
    [
        [*said("a1", "ana", 1, "Happy Friday!"), *said("b1", "ben", 2, "Happy Friday! #teamacme")],
        [*said("c1", "acme", 0), *said("a1", "ana", 1), *said("b1", "ben", 2, TEXT + " #teamacme")],
        [*said("a1", "ana", 1), *said("a2", "ana2", 2)],
        [*said("a1", "ana", 1), share("b1", "ben", "ana", "a1", 2),
         Post("b1", "ben", hour(2), text=TEXT + " #teamacme")],
        [*said("a1", "ana", 1), reply("b1", "ben", "out", "o1", 2),
         Post("b1", "ben", hour(2), text=TEXT)],
    ],
    ids=["greeting", "the company's words", "one's own twice", "a quote", "an answer"],
)  # fmt: skip
async def test_what_is_no_copy_of_a_colleague_is_not_held(
    connection: Any, facts: list[Fact]
) -> None:
    await raise_curtain(connection)
    await tell(connection, *facts)
    assert await watched(connection) == []


async def test_a_story_that_was_passed_on_as_it_was_offered_is_no_copy(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *said("b1", "ben", 2))
    await mark(connection, "b1", "story")
    assert await watched(connection) == []


async def test_a_text_that_many_copy_is_one_case_and_copied_on_after_a_decision_another(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *said("b1", "ben", 2, f"{TEXT} #teamacme"))
    (first,) = await watched(connection)
    await tell(connection, *said("b2", "ben", 26, f"Again: {TEXT} #teamacme"))
    assert await watched(connection) == [first]
    assert await held(connection) == 2
    await scoring.decide_case(connection, first, by=CEM, outcome="upheld", reason="One.", now=NOW)
    assert await watched(connection) == []
    await tell(connection, *said("b3", "ben", 50, f"Once more: {TEXT} #teamacme"))
    (second,) = await watched(connection)
    assert second != first
    assert await held(connection) == 3


async def test_an_edit_that_waited_for_a_worker_while_its_post_was_looked_at_is_seen(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *said("b1", "ben", 2, "Something of mine."))
    assert await watched(connection) == []
    # Received before the look, stored after it.
    await tell(connection, *said("b1", "ben", 2, TEXT), reply("r1", "out1", "ben", "b1", 3))
    await connection.execute(
        """update post_text set recorded_at = recorded_at - interval '1 hour'
           where post_id = $1""",
        post_id("b1"),
    )
    assert len(await watched(connection)) == 1


async def test_what_many_copied_at_once_is_said_of_all_of_them(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *said("b1", "ben", 2), *said("c1", "cem", 3))
    assert len(await watched(connection)) == 1
    row = await connection.fetchrow(
        """select reason, evidence->>'people' as people,
                  jsonb_array_length(evidence->'like_post_ids') as alike from case_file"""
    )
    assert row["reason"].startswith("3 people posted nearly the same")
    assert (row["people"], row["alike"]) == ("3", 2)
    assert await held(connection) == 2


async def test_old_sketches_are_forgotten_while_there_is_always_somebody_to_look_at(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *said("b1", "ben", 2))
    await watched(connection)
    assert await connection.fetchval("select count(*) from text_sketch") == 2
    await connection.execute(
        "insert into unwatched (person_id, due_at) values (1, now()), (2, now())"
    )
    assert (await watch(connection, NOW + 2 * LOOK_BACK, 1)).people == 1
    assert await connection.fetchval("select count(*) from text_sketch") == 0
    assert await connection.fetchval("select count(*) from text_band") == 0


async def test_a_burst_is_held_released_and_counts_at_its_time_and_is_not_asked_again(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    await count(connection)
    before = await by_rule(connection)

    (case,) = await watched(connection)

    assert await kinds(connection) == [("new_account_bursts", ANA)]
    assert await held(connection) == 20
    assert (await by_rule(connection)).get("answered", 0) == 0
    await scoring.decide_case(
        connection, case, by=CEM, outcome="released", reason="A friend's class.", now=NOW
    )
    await tell(connection, reply("later", "out9", "ana", "a1", 90))
    assert await watched(connection) == []
    assert await held(connection) == 0
    after = await by_rule(connection)
    assert after["answered"] == before["answered"] + 5  # the later one, on another day
    assert (await scoring.verify(connection, zone=ZONE)).agrees


async def test_points_that_a_finding_holds_agree_with_the_recount(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    (case,) = await watched(connection)
    assert (await scoring.verify(connection, zone=ZONE)).agrees
    await scoring.decide_case(connection, case, by=CEM, outcome="upheld", reason="Bought.", now=NOW)
    await count(connection)
    assert (await scoring.verify(connection, zone=ZONE)).agrees
    assert await held(connection) == 20


async def test_looking_again_opens_nothing_and_holds_nothing_twice(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    first = await watched(connection)
    for _ in range(3):
        await connection.execute(
            "insert into unwatched (person_id, due_at) select generate_series(1, 3), now()"
        )
        assert set(await watched(connection)) <= set(first)
    assert len(await kinds(connection)) == 1
    assert await connection.fetchval("select count(*) from hold") == 20


async def test_workers_that_look_at_once_open_one_case(connection: Any, database_url: str) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    await count(connection)
    await connection.execute("update unwatched set due_at = now()")
    others = [await asyncpg.connect(database_url) for _ in range(4)]
    try:
        await asyncio.gather(*(watch(other, NOW) for other in others))
        while (await watch(connection, NOW)).people:
            pass
    finally:
        for other in others:
            await other.close()
    assert len(await kinds(connection)) == 1
    assert await connection.fetchval("select count(*) from hold") == 20


async def test_nobody_is_looked_at_before_it_is_due_and_a_busy_one_not_more_often(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1))
    await count(connection)
    assert (await watch(connection, NOW)).people == 0
    await connection.execute(
        """insert into unwatched (person_id, due_at)
           select 1, now() + n * interval '1 minute' from generate_series(-100, 100) n"""
    )
    assert (await watch(connection, NOW)).people == 1
    assert (await watch(connection, NOW)).people == 0
    rows = await connection.fetch("select due_at > now() + interval '2 hours' from unwatched")
    assert [row[0] for row in rows] == [True]


async def test_the_queue_grows_with_people_and_time_and_not_with_what_happens(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    noted = "select count(*) from unwatched where person_id = 1"
    for n in range(3):
        await tell(connection, *said(f"a{n}", "ana", n + 1))
        await count(connection)
    assert await connection.fetchval(noted) == 1
    await connection.execute("update unwatched set due_at = due_at - $1::interval", NOTED_ANEW)
    await tell(connection, *said("a9", "ana", 9))
    await count(connection)
    assert await connection.fetchval(noted) == 2
    # Of what was noted with another a look still comes after its crowd may have gone.
    assert LOOK_AFTER - NOTED_ANEW >= AROUND


async def test_a_round_that_fails_leaves_everybody_on_the_queue(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    await count(connection)
    await connection.execute("update unwatched set due_at = now()")
    waiting = await connection.fetchval("select count(*) from unwatched")
    async with connection.transaction():
        await connection.execute("alter table case_file rename to away")
        with pytest.raises(asyncpg.PostgresError):
            async with connection.transaction():
                await watch(connection, NOW)
        assert await connection.fetchval("select count(*) from unwatched") == waiting
        await connection.execute("alter table away rename to case_file")
    assert (await watch(connection, NOW)).cases


async def test_who_cannot_be_looked_at_holds_nobody_up_and_is_tried_again_later(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    await tell(connection, *said("b1", "ben", 1))
    await count(connection)
    await connection.execute("update unwatched set due_at = now()")
    looked = watching.look

    async def failing(connection: Any, people: Any, now: Any) -> Any:
        if BEN in people:
            raise ValueError("what is known of Ben is odd")
        return await looked(connection, people, now)

    monkeypatch.setattr(watching, "look", failing)
    done = await watch(connection, NOW)
    assert done.failed == (BEN,)
    assert await kinds(connection) == [("new_account_bursts", ANA)]
    assert (await watch(connection, NOW)).people == 0
    monkeypatch.setattr(watching, "look", looked)
    await connection.execute("update unwatched set due_at = due_at - interval '6 hours'")
    done = await watch(connection, NOW)
    assert (done.people, done.failed) == (1, ())


async def test_who_has_very_much_is_looked_at_alone_and_nobody_is_left_out(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await raise_curtain(connection)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    await tell(connection, *said("b1", "ben", 1, "A day."), *said("c1", "cem", 1, "Two."))
    await count(connection)
    await connection.execute("update unwatched set due_at = now()")
    monkeypatch.setattr(watching, "_ACTS", 5)
    groups: list[list[int]] = []
    looked = watching.look

    async def look(connection: Any, people: Any, now: Any) -> Any:
        groups.append(list(people))
        return await looked(connection, people, now)

    monkeypatch.setattr(watching, "look", look)
    done = await watch(connection, NOW)
    assert done.people == 3
    assert groups == [[ANA], [BEN, CEM]]
    assert await kinds(connection) == [("new_account_bursts", ANA)]


async def test_what_happened_while_somebody_paused_is_not_looked_at(connection: Any) -> None:
    await raise_curtain(connection)
    await enrol(connection, ANA, "paused", MONDAY)
    await tell(connection, *said("a1", "ana", 1), *burst("ana", "a1", 2))
    assert await watched(connection) == []


async def test_one_reader_who_answers_everything_is_asked_about_and_what_goes_on_anew(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    days = [fact for n in range(11) for fact in said(f"a{n}", "ana", 24 * n, f"Day {n}")]
    answers = [reply(f"r{n}", "fan", "ana", f"a{n}", 24 * n + 1) for n in range(11)]
    await tell(connection, *days, *answers)

    (case,) = await watched(connection)

    assert await kinds(connection) == [("answers_everything", ANA)]
    await scoring.decide_case(connection, case, by=CEM, outcome="upheld", reason="Made.", now=NOW)
    assert await watched(connection) == []  # what was decided is not seen again
    await tell(connection, reply("r99", "fan", "ana", "a3", 200))
    assert await watched(connection) == []


async def test_a_circle_around_two_colleagues_is_seen_whole_whoever_is_looked_at(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    facts: list[Fact] = []
    for n in range(6):
        for who in ("ana", "ben"):
            facts += said(f"{who}{n}", who, 24 * n, f"Day {n} of {who} #teamacme")
            for friend in ("f1", "f2", "f3"):
                name = f"{who}{n}{friend}"
                facts += [
                    reply(name, friend, who, f"{who}{n}", 24 * n + 1),
                    Engagement(Kind.REPLY, f"b{name}", who, friend, post=name,
                               occurred_at=hour(24 * n + 2)),
                ]  # fmt: skip
    await tell(connection, *facts)
    await count(connection)
    await connection.execute("delete from unwatched where person_id <> $1", BEN)

    assert len(await watched(connection)) == 2

    assert await kinds(connection) == [("closed_circles", ANA), ("closed_circles", BEN)]


async def test_followers_that_nothing_explains_are_held_and_those_of_a_busy_day_are_not(
    connection: Any,
) -> None:
    await raise_curtain(connection)
    facts: list[Fact] = []
    for who, crowd in (("ana", 0), ("ben", 12)):
        followers = 100
        for day in range(-14, 10):
            followers += 150 if day == 5 else 2
            facts.append(Snapshot(who, followers, NOW - timedelta(days=14 - day)))
        at = (NOW - timedelta(days=9) - MONDAY) / timedelta(hours=1)
        facts += [
            Engagement(Kind.FOLLOW, f"{who}<{n}", f"{who}-{n}", who, occurred_at=hour(at + n / 9))
            for n in range(30)
        ]
        facts += [
            Engagement(
                Kind.MENTION, f"{who}@{n}", f"m-{who}-{n}", who, occurred_at=hour(at + n / 4)
            )
            for n in range(crowd)
        ]
    await tell(connection, *facts)

    assert len(await watched(connection)) == 1

    assert await kinds(connection) == [("follower_spikes", ANA)]
    assert await held(connection) == 30
