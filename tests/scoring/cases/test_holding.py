"""Findings: held, released, upheld; by whom, how often, and for which week."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from scoring.cases.concern import concerned, touching
from scoring.cases.deciding import decide_case
from scoring.cases.effect import effect_of_release
from scoring.cases.opening import open_case
from scoring.cases.reading import case_queue, case_view, open_case_counts, own_cases
from scoring.cases.refusals import (
    AboutYourself,
    AlreadyDecided,
    NoSuchCase,
    NotAnAnswer,
    UnknownKind,
    WordsMissing,
)
from scoring.facts import Post
from scoring.seen import all_seen
from tests.scoring.cases.scene import (
    ANSWERS,
    agreed_sum,
    id_of,
    line_of,
    play,
    somebody,
)
from tests.scoring.scene import ANA, BEN, CEM, NOW, ZONE, count, hour, points, post_id, tell, totals

HELD = [id_of(one) for one in ANSWERS]


async def opened(connection: Any, key: str = "k", hold: Any = HELD, **more: Any) -> int:
    return await open_case(
        connection, kind="new_account_bursts", person_id=more.pop("person_id", ANA),
        reason="three at once", evidence={"key": key, "accounts": 3, **more}, hold=hold, now=NOW,
    )  # fmt: skip


async def test_what_a_case_holds_stops_counting_and_a_release_counts_at_the_original_time(
    connection: Any,
) -> None:
    hr = await play(connection)
    before, totals_before = await points(connection), await totals(connection)
    whole = await agreed_sum(connection, ANA)
    case = await opened(connection)
    effect = await effect_of_release(connection, case, ZONE)
    less = await agreed_sum(connection, ANA)
    assert less < whole
    assert await effect_of_release(connection, case, ZONE) == {ANA: whole - less}
    assert effect == {}  # before the fold took anything back there was nothing to give
    assert await decide_case(connection, case, by=hr, outcome="released", reason="A talk.", now=NOW)
    assert await agreed_sum(connection, ANA) == whole
    assert await points(connection) == before  # by person, rule and the day it happened
    assert await totals(connection) == totals_before
    assert (await open_case_counts(connection)) == {}


async def test_what_is_upheld_keeps_giving_nothing_and_says_so_kindly(connection: Any) -> None:
    hr = await play(connection)
    case = await opened(connection)
    less = await agreed_sum(connection, ANA)
    held = await line_of(connection, ANA, ANSWERS[0])
    assert "until somebody has looked" in held.why
    await decide_case(connection, case, by=hr, outcome="upheld", reason="Made to answer.", now=NOW)
    assert await agreed_sum(connection, ANA) == less
    assert "Somebody looked at it" in (await line_of(connection, ANA, ANSWERS[0])).why


async def test_a_finding_told_again_is_the_first_case(connection: Any) -> None:
    hr = await play(connection)
    first = await opened(connection, hold=HELD[:1])
    assert await opened(connection, hold=HELD) == first  # and holds what was found since
    assert (await case_view(connection, first, ZONE)).held == 3
    await decide_case(connection, first, by=hr, outcome="released", reason="Fine.", now=NOW)
    assert await opened(connection, hold=HELD) == first
    await count(connection)
    assert (await line_of(connection, ANA, ANSWERS[0])).points > 0  # a decision stands


async def test_what_two_cases_hold_is_released_by_the_last_of_them(connection: Any) -> None:
    hr = await play(connection)
    whole = await agreed_sum(connection, ANA)
    one, two = await opened(connection, "one"), await opened(connection, "two", HELD[:2])
    less = await agreed_sum(connection, ANA)
    assert (await case_view(connection, one, ZONE)).also_held_by == [two]
    await decide_case(connection, one, by=hr, outcome="released", reason="Fine.", now=NOW)
    assert less < await agreed_sum(connection, ANA) < whole
    await decide_case(connection, two, by=hr, outcome="released", reason="Fine.", now=NOW)
    assert await agreed_sum(connection, ANA) == whole


@pytest.mark.parametrize("upheld_first", [True, False])
async def test_what_one_case_upholds_another_does_not_release(
    connection: Any, upheld_first: bool
) -> None:
    hr = await play(connection)
    one, two = await opened(connection, "one"), await opened(connection, "two")
    less = await agreed_sum(connection, ANA)
    answers: list[tuple[int, Any]] = [(one, "upheld"), (two, "released")]
    for case, outcome in answers if upheld_first else answers[::-1]:
        await decide_case(connection, case, by=hr, outcome=outcome, reason="Looked.", now=NOW)
    assert await agreed_sum(connection, ANA) == less


async def test_nobody_decides_what_touches_their_own_points(connection: Any) -> None:
    hr = await play(connection)
    case = await opened(connection, person_id=None, person_ids=[CEM])
    assert await concerned(connection, case) == {ANA, CEM}  # whose post it was; who is named
    for whose in (ANA, CEM):
        assert await touching(connection, [case], whose) == {case}
        with pytest.raises(AboutYourself):
            await decide_case(connection, case, by=whose, outcome="upheld", reason="x", now=NOW)
    assert await touching(connection, [case], hr) == set()
    assert await touching(connection, [case], BEN) == set()
    for line in await case_queue(connection, viewer_id=CEM, open=True):
        assert line.touches_viewer


async def test_of_two_who_decide_at_once_one_does(connection: Any, database_url: str) -> None:
    hr = await play(connection)
    other = await somebody(connection)
    case = await opened(connection)
    await count(connection)

    async def decides(by: int, outcome: Any) -> Any:
        own = await asyncpg.connect(database_url)
        try:
            return await decide_case(own, case, by=by, outcome=outcome, reason="Looked.", now=NOW)
        except AlreadyDecided as late:
            return late
        finally:
            await own.close()

    done = await asyncio.gather(decides(hr, "released"), decides(other, "upheld"))
    assert [one for one in done if one is True] == [True]
    late = next(one for one in done if isinstance(one, AlreadyDecided))
    assert late.outcome == await connection.fetchval("select outcome from case_decision")
    assert (
        await connection.fetchval("select count(*) from audit where action = 'case_decided'") == 1
    )


async def test_the_same_answer_sent_twice_is_one_answer(connection: Any) -> None:
    hr = await play(connection)
    case = await opened(connection)
    for first in (True, False):
        assert first == await decide_case(
            connection, case, by=hr, outcome="released", reason="Fine.", now=NOW
        )
    assert await connection.fetchval("select count(*) from hold where not held") == 3


async def test_what_cannot_be_is_refused_and_changes_nothing(connection: Any) -> None:
    hr = await play(connection)
    with pytest.raises(UnknownKind):
        await open_case(
            connection, kind="gossip", person_id=None, reason="x", evidence={"key": "k"}, now=NOW
        )
    with pytest.raises(NoSuchCase):
        await decide_case(connection, 2**80, by=hr, outcome="upheld", reason="x", now=NOW)
    case = await opened(connection)
    for words in ("", "  \n", "x" * 2_001):
        with pytest.raises(WordsMissing):
            await decide_case(connection, case, by=hr, outcome="upheld", reason=words, now=NOW)
    failed = await connection.fetchval(
        """insert into case_file (kind, reason, evidence, recorded_at)
           values ('scoring_failed', 'KeyError', '{}', $1) returning id""",
        NOW,
    )
    with pytest.raises(NotAnAnswer):
        await decide_case(connection, failed, by=hr, outcome="released", reason="x", now=NOW)
    with pytest.raises(NoSuchCase):
        await case_view(connection, failed, ZONE)
    assert await connection.fetchval("select count(*) from case_decision") == 0


async def test_the_queue_is_the_oldest_first_and_pages_on(connection: Any) -> None:
    hr = await play(connection)
    made = [await opened(connection, f"k{n}", HELD[:1]) for n in range(5)]
    first = await case_queue(connection, viewer_id=hr, open=True, limit=2)
    assert [line.id for line in first] == made[:2]
    rest = await case_queue(connection, viewer_id=hr, open=True, past=made[1])
    assert [line.id for line in rest] == made[2:]
    assert await case_queue(connection, viewer_id=hr, open=True, kind="dispute") == []
    for case in made[:3]:
        await decide_case(connection, case, by=hr, outcome="upheld", reason="Looked.", now=NOW)
    decided = await case_queue(connection, viewer_id=hr, open=False, limit=2)
    assert [line.id for line in decided] == [made[2], made[1]]
    more = await case_queue(connection, viewer_id=hr, open=False, past=made[1])
    assert [line.id for line in more] == [made[0]]


async def test_an_erased_text_leaves_the_case_readable(connection: Any) -> None:
    await play(connection)
    case = await opened(connection)
    assert (await case_view(connection, case, ZONE)).happened[0].text == "A morning at the mill"
    await connection.execute("delete from post_text")
    view = await case_view(connection, case, ZONE)
    assert [one.text for one in view.happened] == [None] * 3
    assert [one.rules for one in view.happened] != [()] * 3
    assert view.seen == ["3 accounts, none of them seen before."]


async def test_texts_that_are_compared_stand_beside_each_other_and_their_authors_decide_nothing(
    connection: Any,
) -> None:
    await play(connection)
    await tell(connection, Post("p2", "cem", hour(2), text="A morning at the mill!"))
    case = await open_case(
        connection, kind="near_duplicates", person_id=ANA, reason="Nearly the same.",
        evidence={"key": "k", "post_id": str(post_id("p1")), "like_post_ids": [str(post_id("p2"))]},
        hold=HELD[:1], now=NOW,
    )  # fmt: skip
    view = await case_view(connection, case, ZONE)
    assert [(one.person_id, one.text) for one in view.compared] == [
        (ANA, "A morning at the mill"), (CEM, "A morning at the mill!"),
    ]  # fmt: skip
    assert view.concerned >= {ANA, CEM}
    await connection.execute("delete from post_text")
    view = await case_view(connection, case, ZONE)
    assert [one.text for one in view.compared] == [None, None]


async def test_a_case_about_several_is_read_by_whom_it_holds_something_of_and_by_nobody_else(
    connection: Any,
) -> None:
    hr = await play(connection)
    case = await opened(connection, person_id=None, person_ids=[ANA, BEN])
    # What was found since may be somebody else's than the evidence names.
    unnamed = await opened(connection, key="later", person_id=None, person_ids=[BEN])
    reason = "They met at a fair."
    await decide_case(connection, case, by=hr, outcome="released", reason=reason, now=NOW)
    mine = await own_cases(connection, ANA)
    assert [(one.id, one.answered) for one in mine] == [(unnamed, None), (case, reason)]
    exported = (await all_seen(connection, ANA, ["cases"]))["cases"]
    assert [one["answered"] for one in exported] == [reason, None]
    for other in (BEN, CEM):  # whose text is compared; who has no part in it
        assert await own_cases(connection, other) == []
        assert (await all_seen(connection, other, ["cases"]))["cases"] == []
