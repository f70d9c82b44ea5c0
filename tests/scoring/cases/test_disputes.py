"""“This is wrong”: a dispute changes nothing until it is answered, and then exactly what was granted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from scoring.cases.deciding import decide_case, grant_case
from scoring.cases.disputing import MOST_OPEN, dispute
from scoring.cases.line import Named
from scoring.cases.opening import open_case
from scoring.cases.reading import case_view, own_cases
from scoring.cases.refusals import (
    AboutYourself,
    AlreadyDecided,
    NotAnAnswer,
    NotYourLine,
    PointsImpossible,
    TooManyOpen,
    WordsMissing,
)
from scoring.facts import Figure, Kind, Removal
from scoring.origins import mix
from scoring.periods import follow
from scoring.relation import Outcome
from scoring.retotal import retotal
from scoring.sight import Cutoff
from scoring.verify.contests import recount_contest
from tests.scoring.cases.scene import (
    AGAIN,
    ANSWERS,
    PEER,
    agreed_sum,
    id_of,
    line_of,
    lines,
    named,
    play,
    somebody,
)
from tests.scoring.scene import (
    ANA,
    BEN,
    LONG_AGO,
    NOW,
    ZONE,
    count,
    hour,
    points,
    reply,
    tell,
    totals,
)
from tests.scoring.tallies.contest import counted, terms


async def asked(
    connection: Any, fact: Any = AGAIN, words: str = "It was about another thing."
) -> int:
    line = await line_of(connection, ANA, fact)
    return await dispute(
        connection, person_id=ANA, named=named(line), words=words, now=NOW, zone=ZONE
    )


async def test_a_dispute_changes_nothing_until_it_is_answered(connection: Any) -> None:
    await play(connection)
    before = await points(connection), await totals(connection)
    await asked(connection)
    await asked(connection, ANSWERS[0])
    await count(connection)
    assert (await points(connection), await totals(connection)) == before
    assert await connection.fetchval("select count(*) from hold") == 0


async def test_granted_adds_exactly_its_points_at_the_moment_it_is_about(connection: Any) -> None:
    hr = await play(connection)
    before = await agreed_sum(connection, ANA)
    case = await asked(connection)
    assert await grant_case(
        connection, case, by=hr, points=5, reason="You are right.", now=NOW, zone=ZONE
    )
    assert await agreed_sum(connection, ANA) == before + 5
    day = hour(9).astimezone(ZONE).date()
    assert (await points(connection))[ANA, "by-case", day] == 5
    entry = await connection.fetchrow("select * from entry where rule = 'by-case'")
    assert (entry["reason"], entry["occurred_at"]) == (f"case:{case}", hour(9))
    line = await line_of(connection, ANA, AGAIN)
    assert (line.outcome, line.points, line.case_id) == (Outcome.COUNTED, 5, case)
    assert await retotal(connection, zone=ZONE) == 0
    found = await mix(connection, [ANA], start_at=LONG_AGO, end_at=NOW)
    assert sum((found[ANA].responses, found[ANA].shared, found[ANA].reshared)) == before


async def test_what_is_granted_counts_in_the_season_that_is_set_whoever_grants_it(
    connection: Any,
) -> None:
    hr = await play(connection)
    case = await asked(connection)
    first = hour(0).astimezone(ZONE).date()
    await connection.execute(
        """insert into season (name, starts_on, ends_on, recorded_at)
           values ('Late', $1, $1::date + 9, $2)""",
        first,
        LONG_AGO,
    )
    follow(())  # a process that has heard of no season yet
    try:
        await grant_case(connection, case, by=hr, points=5, reason="Yes.", now=NOW, zone=ZONE)
    finally:
        follow(())
    rows = await connection.fetch(
        """select value from total where metric = 'points' and period = 'season'
             and starts_on = $1 and person_id = $2""",
        first,
        ANA,
    )
    assert [row["value"] for row in rows] == [5]


async def test_whoever_grants_at_once_the_points_come_once(
    connection: Any, database_url: str
) -> None:
    hr = await play(connection)
    deciders = [hr, hr, await somebody(connection), await somebody(connection)]
    before = await agreed_sum(connection, ANA)
    case = await asked(connection)

    async def grants(by: int) -> Any:
        own = await asyncpg.connect(database_url)
        try:
            return await grant_case(own, case, by=by, points=7, reason="Yes.", now=NOW, zone=ZONE)
        except AlreadyDecided:
            return None
        finally:
            await own.close()

    done = await asyncio.gather(*map(grants, deciders))
    assert done.count(True) == 1
    assert await agreed_sum(connection, ANA) == before + 7


async def test_what_is_counted_later_leaves_the_grant_alone(connection: Any) -> None:
    hr = await play(connection)
    case = await asked(connection)
    await grant_case(connection, case, by=hr, points=5, reason="Yes.", now=NOW, zone=ZONE)
    before = await agreed_sum(connection, ANA)
    await tell(connection, reply("r8", "out8", "ana", "p1", 8))
    await connection.execute(
        "insert into change (subject, person_id, since_at) values ('person', $1, $2)", ANA, LONG_AGO
    )
    assert await agreed_sum(connection, ANA) > before
    assert (
        sum(v for (_, rule, _), v in (await points(connection)).items() if rule == "by-case") == 5
    )


async def test_points_are_taken_back_only_as_far_as_the_line_gave_some(connection: Any) -> None:
    hr = await play(connection)
    line = await line_of(connection, ANA, ANSWERS[0])
    before = await agreed_sum(connection, ANA)
    case = await asked(connection, ANSWERS[0], "That was my own second account.")

    async def grant(case: int, amount: int) -> None:
        await grant_case(
            connection, case, by=hr, points=amount, reason="As you say.", now=NOW, zone=ZONE
        )

    for impossible in (0, -line.points - 1, 1_001):
        with pytest.raises(PointsImpossible):
            await grant(case, impossible)
    await grant(case, -line.points)
    assert await agreed_sum(connection, ANA) == before - line.points
    again = await asked(connection, ANSWERS[0])
    assert again != case
    with pytest.raises(PointsImpossible):
        await grant(again, -1)
    nothing = await asked(connection, PEER)
    with pytest.raises(PointsImpossible):
        await grant(nothing, -1)


async def test_what_was_taken_back_comes_back_when_the_line_itself_goes(connection: Any) -> None:
    """Somebody takes back four of a line; then it is undone, told again, held, and released."""
    hr = await play(connection)
    line = await line_of(connection, ANA, ANSWERS[0])
    whole = await agreed_sum(connection, ANA)
    case = await asked(connection, ANSWERS[0], "That was half my own doing.")
    await grant_case(
        connection, case, by=hr, points=1 - line.points, reason="Yes.", now=NOW, zone=ZONE
    )
    assert await agreed_sum(connection, ANA) == whole - line.points + 1
    holding = await open_case(
        connection, kind="closed_circles", person_id=ANA, reason="looks odd", evidence={"key": "k"},
        hold=[id_of(ANSWERS[0])], now=NOW,
    )  # fmt: skip
    await count(connection)
    # The line is gone, and not more than it.
    assert await by_case(connection, ANA) == 0
    without = await agreed_sum(connection, ANA)
    assert min(row["value"] for row in await connection.fetch("select value from total")) >= 0
    await decide_case(connection, holding, by=hr, outcome="released", reason="No.", now=NOW)
    assert await agreed_sum(connection, ANA) == whole - line.points + 1
    assert await by_case(connection, ANA) == 1 - line.points
    await tell(connection, Removal(ANSWERS[0].native_id))
    assert await agreed_sum(connection, ANA) == without
    assert await by_case(connection, ANA) == 0


async def test_several_answers_about_one_line_are_bounded_together(connection: Any) -> None:
    hr = await play(connection)
    line = await line_of(connection, ANA, ANSWERS[0])
    for amount in (10, -line.points - 7, 2):
        case = await asked(connection, ANSWERS[0], "Once more.")
        await grant_case(connection, case, by=hr, points=amount, reason="Yes.", now=NOW, zone=ZONE)
    await agreed_sum(connection, ANA)
    assert await by_case(connection, ANA) == 5 - line.points
    await tell(connection, Removal(ANSWERS[0].native_id))
    await agreed_sum(connection, ANA)
    # What was given stays; of what was taken, no more than that.
    assert await by_case(connection, ANA) == 2


async def by_case(connection: Any, person: int) -> int:
    """What answers to disputes come to."""
    return sum(
        value
        for (who, rule, _), value in (await points(connection)).items()
        if (who, rule) == (person, "by-case")
    )


async def test_a_line_without_names_can_be_disputed_too(connection: Any) -> None:
    hr = await play(connection)
    await tell(connection, Figure("p1", Kind.REACTION, 7, hour(30)))
    before = await agreed_sum(connection, ANA)
    line = next(one for one in await lines(connection, ANA) if one.engagement_id is None)
    case = await dispute(
        connection, person_id=ANA, named=named(line), words="There were nine.", now=NOW, zone=ZONE
    )
    view = await case_view(connection, case, ZONE)
    assert view.line is not None
    assert view.line.points == line.points
    await grant_case(connection, case, by=hr, points=2, reason="Nine.", now=NOW, zone=ZONE)
    assert await agreed_sum(connection, ANA) == before + 2
    by_case = next(one for one in await lines(connection, ANA) if one.case_id == case)
    assert by_case.source == "case"
    with pytest.raises(NotYourLine):
        await dispute(
            connection, person_id=ANA, named=named(by_case), words="More.", now=NOW, zone=ZONE
        )


async def test_upheld_says_why_and_gives_nothing(connection: Any) -> None:
    hr = await play(connection)
    before = await agreed_sum(connection, ANA)
    case = await asked(connection)
    with pytest.raises(NotAnAnswer):
        await decide_case(connection, case, by=hr, outcome="released", reason="x", now=NOW)
    await decide_case(
        connection, case, by=hr, outcome="upheld", reason="The same person, <b>once</b>.", now=NOW
    )
    assert await agreed_sum(connection, ANA) == before
    (own,) = await own_cases(connection, ANA)
    assert (own.outcome, own.answered) == ("upheld", "The same person, <b>once</b>.")
    with pytest.raises(AlreadyDecided):
        await grant_case(connection, case, by=hr, points=5, reason="No", now=NOW, zone=ZONE)


async def test_a_contest_counts_what_happened_and_never_what_was_granted(connection: Any) -> None:
    hr = await play(connection)
    asked_of = replace(terms("points"), start_at=hour(-24), end_at=hour(24 * 7))
    before = await counted(connection, asked_of, ANA)
    assert before.value > 0
    case = await asked(connection)
    await grant_case(connection, case, by=hr, points=500, reason="Yes.", now=NOW, zone=ZONE)
    assert await counted(connection, asked_of, ANA) == before
    again = await recount_contest(connection, asked_of, [ANA], Cutoff())
    assert again[ANA].value == before.value


async def test_the_same_line_is_one_case_while_it_waits(connection: Any, database_url: str) -> None:
    await play(connection)
    line = await line_of(connection, ANA, AGAIN)

    async def ask() -> int:
        own = await asyncpg.connect(database_url)
        try:
            return await dispute(
                own, person_id=ANA, named=named(line), words="Wrong.", now=NOW, zone=ZONE
            )
        finally:
            await own.close()

    assert len(set(await asyncio.gather(*(ask() for _ in range(4))))) == 1
    assert await connection.fetchval("select count(*) from case_file") == 1


async def test_a_person_has_so_many_open_disputes_and_no_more(connection: Any) -> None:
    hr = await play(connection)
    await tell(
        connection, *(reply(f"m{n}", "out1", "ana", "p1", 10 + n) for n in range(MOST_OPEN + 1))
    )
    await count(connection)
    more = [one for one in await lines(connection, ANA) if one.occurred_at >= hour(10)]
    made = [
        await dispute(
            connection, person_id=ANA, named=named(line), words="Wrong.", now=NOW, zone=ZONE
        )
        for line in more[:MOST_OPEN]
    ]
    with pytest.raises(TooManyOpen):
        await asked(connection)
    await decide_case(connection, made[0], by=hr, outcome="upheld", reason="No.", now=NOW)
    await asked(connection)


async def test_nobody_disputes_anothers_line_or_one_that_is_not_there(connection: Any) -> None:
    await play(connection)
    line = await line_of(connection, ANA, AGAIN)
    strange = [
        (BEN, named(line)),
        (ANA, Named(hour(9) + timedelta(seconds=1), line.engagement_id, line.rule, None)),
        (ANA, Named(line.occurred_at, None, "answered", "post:x")),
        (ANA, Named(line.occurred_at, id_of(ANSWERS[0]), "answered", None)),
        (ANA, Named(line.occurred_at, line.engagement_id, "liked", None)),
    ]
    for person, one in strange:
        with pytest.raises(NotYourLine):
            await dispute(
                connection, person_id=person, named=one, words="Mine!", now=NOW, zone=ZONE
            )
    assert await connection.fetchval("select count(*) from case_file") == 0


async def test_nobody_answers_their_own_question(connection: Any) -> None:
    await play(connection)
    case = await asked(connection)
    with pytest.raises(AboutYourself):
        await grant_case(connection, case, by=ANA, points=5, reason="Mine", now=NOW, zone=ZONE)
    peers = await asked(connection, PEER)  # Ben answered there: it is about his deed, too
    with pytest.raises(AboutYourself):
        await decide_case(connection, peers, by=BEN, outcome="upheld", reason="x", now=NOW)


async def test_five_thousand_letters_are_kept_whole_and_one_more_is_not(connection: Any) -> None:
    await play(connection)
    words = ("<script>alert('ß')</script>" * 200)[:5_000]
    with pytest.raises(WordsMissing):
        await asked(connection, words=words + "x")
    with pytest.raises(WordsMissing):
        await asked(connection, words=" \n ")
    case = await asked(connection, words=words)
    assert (await case_view(connection, case, ZONE)).asked == words


async def test_words_can_be_erased_and_the_case_still_stands(connection: Any) -> None:
    hr = await play(connection)
    case = await asked(connection)
    await grant_case(connection, case, by=hr, points=5, reason="Yes.", now=NOW, zone=ZONE)
    held = await connection.fetch("select evidence::text, reason from case_file")
    held += await connection.fetch("select reason from case_decision")
    held += await connection.fetch("select detail::text from audit")
    assert not any("another thing" in str(row) or "Yes." in str(row) for row in held)
    await connection.execute("delete from case_words; delete from post_text")
    view = await case_view(connection, case, ZONE)
    assert (view.asked, view.answered) == (None, None)
    (own,) = await own_cases(connection, ANA)
    assert own.points == 5
    assert await own_cases(connection, BEN) == []
