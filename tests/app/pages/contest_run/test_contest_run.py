"""HR's view of a published contest: who is ahead, what blocks it, who won and by which facts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from httpx import AsyncClient

from rewards.contests.entering import enter
from rewards.contests.ticking import tick
from tests.app.pages.conftest import As
from tests.rewards.life.world import (
    END,
    FIRST,
    HR,
    HR2,
    NOW,
    SMALL_AND_LARGE,
    START,
    answers,
    charter,
    decided,
    found,
    fresh,
    hold,
    published,
    tell,
)

A1, A2, A3 = FIRST, FIRST + 1, FIRST + 2
# The pages ask the clock on the wall, so what they may amend has not ended by it.
SOON = {
    "start_at": datetime.now(UTC) + timedelta(days=1),
    "end_at": datetime.now(UTC) + timedelta(days=5),
}
HOME = "/hr/contests/conversation-starters"


async def shown(client: AsyncClient, path: str = HOME) -> str:
    """A page that must be there."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def running(connection: Any, **changes: Any) -> int:
    """A contest that three people entered; A1 has five answers and A2 two."""
    await found(connection)
    contest = await published(connection, charter(**changes))
    for person in (A1, A2, A3):
        await enter(connection, contest, person, now=NOW)
    await tick(connection, START)
    await tell(connection, *answers("a1", 5, START), *answers("a2", 2, START, since=50))
    await fresh(connection, START + timedelta(days=1))
    return contest


async def test_entrants_are_numbers_and_no_list_of_names(connection: Any, signed_in: As) -> None:
    await found(connection)
    contest = await published(connection, charter(brackets=SMALL_AND_LARGE))
    await enter(connection, contest, A3, now=NOW)
    page = await shown(await signed_in(HR))
    assert "Numbers only" in page
    assert "<dt>Entered</dt><dd>1</dd>" in page
    assert "A3" not in page
    assert "Withdraw it" not in page


async def test_a_decided_contest_names_its_winners_and_every_counted_fact(
    connection: Any, signed_in: As
) -> None:
    contest = await running(connection)
    await decided(connection)
    client = await signed_in(HR2)
    page = await shown(client)
    assert "Who won" in page
    assert '<bdi dir="auto">A1</bdi>' in page
    assert "€100" in page
    assert "Waits for approval" in page
    assert "1st place" in page
    evidence = await shown(client, f"{HOME}/evidence/{A1}")
    assert evidence.count("An answer to a post") == 5
    assert "5 people" in evidence
    kept = await connection.fetchval(
        "select sha256 from evidence where contest_id = $1 and person_id = $2", contest, A1
    )
    assert kept in evidence
    assert "fanfare verify-contest conversation-starters" in evidence


async def test_opening_evidence_is_recorded_once_for_who_opened_it(
    connection: Any, signed_in: As
) -> None:
    await running(connection)
    await decided(connection)
    client = await signed_in(HR2)
    for _ in range(2):
        await shown(client, f"{HOME}/evidence/{A1}")
    rows = await connection.fetch(
        "select person_id from award_event where kind = 'evidence_opened'"
    )
    assert [row["person_id"] for row in rows] == [HR2]


async def test_who_won_nothing_has_no_evidence_page(connection: Any, signed_in: As) -> None:
    await running(connection)
    await decided(connection)
    client = await signed_in(HR2)
    assert (await client.get(f"{HOME}/evidence/{A3}")).status_code == 404
    assert (await client.get(f"{HOME}/evidence/{2**70}")).status_code in (400, 404)


async def test_a_contest_nobody_won_says_that_the_money_went_back(
    connection: Any, signed_in: As
) -> None:
    await found(connection)
    await published(connection)
    await decided(connection)
    page = await shown(await signed_in(HR))
    assert "Nobody won a prize" in page
    assert "<dt>Still held</dt><dd>€0</dd>" in page


async def test_open_cases_that_could_change_a_place_are_named(
    connection: Any, signed_in: As
) -> None:
    await found(connection)
    contest = await published(connection)
    for person in (A1, A2):
        await enter(connection, contest, person, now=NOW)
    await tick(connection, START)
    facts = answers("a1", 2, START)
    await tell(connection, *facts, *answers("a2", 1, START, since=50))
    case = [await hold(connection, fact, START + timedelta(hours=1)) for fact in facts]
    for now in (END, END + timedelta(days=3, minutes=1)):
        await tick(connection, now)
    assert await connection.fetchval("select count(*) from decision") == 0
    waits = await connection.fetchval("select waits_for from contest_look where what = 'review'")
    assert set(waits) <= set(case)
    assert waits


async def test_an_amendment_is_asked_about_and_then_stands_under_its_hash(
    connection: Any, signed_in: As
) -> None:
    await found(connection)
    await published(connection)
    client = await signed_in(HR)
    assert "It can’t take back what was promised" in await shown(client, f"{HOME}/amend")


async def test_a_further_prize_is_read_like_any_other_and_set_aside(
    connection: Any, signed_in: As
) -> None:
    await found(connection, until=SOON["end_at"].date())
    contest = await published(connection, charter(**SOON))
    client = await signed_in(HR)
    page = await shown(client, f"{HOME}/amend")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert token
    form = {
        "_csrf_token": token[1], "reason": "The second wins €50.", "sure": "yes",
        "prize_1_for": "place", "prize_1_kind": "cash", "prize_1_among": "each",
        "prize_1_from": "2", "prize_1_what": "€50", "prize_1_budget": "1",
    }  # fmt: skip
    for wrong, field, said in (
        ({"prize_1_what": ""}, "prize_1_what", "Write"),
        ({"prize_1_what": "fifty"}, "prize_1_what", ""),
        ({"prize_1_from": "1"}, "prize_1_from", "has its prize already"),
        ({"prize_1_budget": "2"}, "prize_1_budget", "no budget of EUR"),
        ({"prize_1_for": "draw", "prize_1_reach": "5", "prize_1_at_most": "2"}, "prize_1_for",
         "an administrator has not allowed"),
        ({"prize_1_for": "reach", "prize_1_reach": "0", "prize_1_at_most": "2"}, "prize_1_reach",
         "from 1"),
    ):  # fmt: skip
        answer = await client.post(f"{HOME}/amend", data=form | wrong)
        assert answer.status_code == 422, wrong
        beside = re.search(rf'id="{field}-error">([^<]+)<', answer.text)
        assert beside, (wrong, answer.text)
        assert said in beside[1]
    much = await client.post(f"{HOME}/amend", data=form | {"prize_1_what": "€1,000"})
    assert much.status_code == 409
    assert "missing in the budget" in much.text
    assert await connection.fetchval("select count(*) from amendment") == 0
    for _ in range(2):  # a double click
        answer = await client.post(f"{HOME}/amend", data=form)
        assert answer.status_code == 303, answer.text
    assert await connection.fetchval("select count(*) from amendment") == 1
    held = await connection.fetchval(
        """select reservation_after from transfer t join reservation r on r.id = t.reservation_id
           where r.contest_id = $1 order by t.id desc limit 1""",
        contest,
    )
    assert held == 15_000
    assert "The second wins €50." in await shown(client)


async def test_a_decided_contest_leads_to_where_it_is_announced(
    connection: Any, signed_in: As
) -> None:
    await running(connection)
    await decided(connection)
    client = await signed_in(HR2)
    assert "/leader/announcements/conversation-starters" in await shown(client)
    assert (await client.get(f"{HOME}/announce")).status_code == 404


async def test_hr_reads_no_more_of_a_standing_than_everybody(
    connection: Any, signed_in: As
) -> None:
    await running(connection)
    client = await signed_in(HR)
    # Two have anything: whoever is in the contest could be read off such a list.
    assert ">A1<" not in await shown(client)
    assert ">A2<" not in await shown(client)


async def test_a_contest_in_review_leads_to_the_cases_it_waits_for(
    connection: Any, signed_in: As
) -> None:
    """The page asks the clock on the wall, so this contest ended by it."""
    begin = datetime.now(UTC) - timedelta(days=20)
    await found(connection, until=datetime.now(UTC).date())
    end = begin + timedelta(days=7)
    before = begin - timedelta(days=1)
    terms = charter(start_at=begin, end_at=end)
    contest = await published(connection, terms, before)
    for person in (A1, A2):
        await enter(connection, contest, person, now=before)
    await tick(connection, begin)
    facts = answers("a1", 2, begin + timedelta(hours=1))
    await tell(connection, *facts, *answers("a2", 1, begin + timedelta(hours=1), since=50))
    for fact in facts:
        await hold(connection, fact, begin + timedelta(hours=2))
    for now in (end, end + timedelta(days=3, minutes=1)):
        await tick(connection, now)
    waits = await connection.fetchval("select waits_for from contest_look where what = 'review'")
    page = await shown(await signed_in(HR2))
    assert waits
    assert all(f'<a href="/hr/cases/{case}">Case {case}</a>' in page for case in waits)
