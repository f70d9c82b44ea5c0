"""The pages where awards are decided: evidence first, nobody about themselves, reasons beside fields."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response

from rewards.amounts import Amount
from rewards.awards import (
    AwardState,
    accept,
    approve,
    award,
    delegate,
    export,
    pay,
    person_left,
    set_limit,
    wish_date,
)
from rewards.contests.charter import Among, Network, Prize, PrizeKind
from rewards.contests.entering import enter
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.rewards.life.world import (
    DAYS,
    END,
    FIRST,
    HR,
    HR2,
    NOW,
    START,
    answers,
    charter,
    decided,
    first,
    followers,
    found,
    hire,
    own,
    published,
    tell,
)

AWARD = 1
DECIDED = END + timedelta(days=4)
TWO_DAYS = Prize(
    number=2, kind=PrizeKind.DAYS, among=Among.EACH, amounts=(Amount(4),), first_place=2,
    last_place=2, budgets=(DAYS,),
)  # fmt: skip


class Desk:
    """Somebody's browser, with forms as a page sends them."""

    def __init__(self, browser: AsyncClient) -> None:
        self.browser = browser

    async def page(self, path: str, status: int = 200) -> str:
        """A page."""
        answer = await self.browser.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    async def send(self, path: str, **values: str) -> Response:
        """A form with the token of a page."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', await self.page("/me"))
        assert token
        fields = {name.replace("__", "-"): value for name, value in values.items()}
        return await self.browser.post(path, data={"_csrf_token": token[1], **fields})


@pytest.fixture
async def scene(connection: Any) -> list[int]:
    """A decided contest: a1 won €100, a2 two vacation days."""
    await found(connection)
    contest = await published(connection, charter(prizes=(first(), TWO_DAYS)))
    for person in (FIRST, FIRST + 1):
        await enter(connection, contest, person, now=NOW)
    await tell(connection, *answers("a1", 3, START), *answers("a2", 2, START))
    await decided(connection)
    return [AWARD, AWARD + 1]


@pytest.fixture
def desk(company: Company, signed_in: As) -> Any:
    """Signs somebody in."""

    async def of(person: int) -> Desk:
        return Desk(await signed_in(person))

    return of


async def state(connection: Any, award_id: int) -> AwardState:
    return (await award(connection, award_id)).state


async def test_looking_at_an_award_shows_every_counted_fact_and_opens_the_way_to_many_at_once(
    connection: Any, scene: list[int], desk: Any
) -> None:
    other = await desk(HR2)
    queue = await other.page("/hr/approvals")
    assert "Open it" in queue
    assert "you looked at" not in queue
    refused = await other.send("/hr/approvals/contest/1/approve")
    assert refused.status_code == 422
    assert "open the evidence" in refused.text
    one = await other.page(f"/hr/approvals/{AWARD}")
    assert one.count("An answer to a post") == 3
    assert "€100 for" in one
    assert "Approve the 1 award you looked at" in await other.page("/hr/approvals")
    assert (await other.send("/hr/approvals/contest/1/approve")).status_code == 303
    assert await state(connection, scene[0]) is AwardState.APPROVED
    assert await state(connection, scene[1]) is AwardState.PROPOSED


async def test_who_published_the_contest_sees_why_they_cannot_decide(
    connection: Any, scene: list[int], desk: Any
) -> None:
    publisher = await desk(HR)
    page = await publisher.page(f"/hr/approvals/{AWARD}")
    assert "somebody else decides them" in page
    assert "/approve" not in page
    answer = await publisher.send(f"/hr/approvals/{AWARD}/approve")
    assert answer.status_code == 422
    assert await state(connection, AWARD) is AwardState.PROPOSED


async def test_a_refusal_needs_a_reason_that_stands_beside_its_field_and_on_record(
    connection: Any, scene: list[int], desk: Any
) -> None:
    other = await desk(HR2)
    answer = await other.send(f"/hr/approvals/{AWARD}/refuse", reason=" ")
    assert answer.status_code == 422
    assert "Say why it is refused" in answer.text
    for _ in range(2):
        assert (
            await other.send(f"/hr/approvals/{AWARD}/refuse", reason="A closed circle <b>")
        ).status_code == 303
    page = await other.page(f"/hr/approvals/{AWARD}")
    assert "Hr2 refused it: A closed circle &lt;b&gt;" in page


async def test_above_a_limit_two_people_approve_one_of_them_in_somebodys_place(
    connection: Any, desk: Any
) -> None:
    await found(connection)
    away = await hire(connection, "away")
    stand_in = await hire(connection, "stand-in")
    await connection.execute(
        "insert into role_grant (person_id, role, granted, recorded_at) values ($1, 'hr', true, $2)",
        away, NOW,
    )  # fmt: skip
    await set_limit(connection, kind="cash", currency="EUR", units=5_000, by=HR, now=NOW)
    contest = await published(connection)
    await enter(connection, contest, FIRST, now=NOW)
    await tell(connection, *answers("a1", 3, START))
    await decided(connection)
    assert (await (await desk(stand_in)).browser.get("/hr/approvals")).status_code == 403
    # Until after today: a page goes by the real clock.
    until = datetime.now(UTC) + timedelta(days=30)
    await delegate(connection, away, stand_in, START - timedelta(days=30), until, now=NOW)
    one, two = await desk(HR2), await desk(stand_in)
    assert (await one.send(f"/hr/approvals/{AWARD}/approve")).status_code == 303
    assert await state(connection, AWARD) is AwardState.PROPOSED
    assert "It needs somebody else too" in await one.page(f"/hr/approvals/{AWARD}")
    page = await two.page(f"/hr/approvals/{AWARD}")
    assert "In place of Away" in page
    assert "1 of 2 approved" in page
    assert (
        await two.send(f"/hr/approvals/{AWARD}/approve", **{"for": str(away)})
    ).status_code == 303
    assert await state(connection, AWARD) is AwardState.APPROVED
    assert "in place of Away" in await one.page(f"/hr/approvals/{AWARD}")


async def test_a_date_is_confirmed_or_refused_with_a_reason(
    connection: Any, scene: list[int], desk: Any
) -> None:
    vacation, winner = scene[1], FIRST + 1
    await approve(connection, vacation, by=HR2, now=DECIDED)
    await accept(connection, vacation, by=winner, now=DECIDED)
    on = (max(DECIDED, datetime.now(UTC)) + timedelta(days=30)).date()
    for later in range(2):
        await wish_date(connection, vacation, by=winner, on=on + timedelta(days=later), now=DECIDED)
    first_wish, second_wish = (one.id for one in (await award(connection, vacation)).dates)
    hr = await desk(HR)
    assert "Days they would like to take" in await hr.page("/hr/approvals")
    here = f"/hr/approvals/{vacation}/dates"
    assert (await hr.send(f"{here}/{first_wish}/confirm")).status_code == 303
    answer = await hr.send(f"{here}/{second_wish}/refuse")
    assert answer.status_code == 422
    assert "Say why not" in answer.text
    answer = await hr.send(
        f"{here}/{second_wish}/refuse", **{f"reason-{second_wish}": "Everybody is away"}
    )
    assert answer.status_code == 303
    states = [one.state for one in (await award(connection, vacation)).dates]
    assert states == ["confirmed", "refused"]
    assert "Days they would like to take" not in await hr.page("/hr/approvals")


async def test_what_was_paid_is_taken_back_once_however_often_the_form_is_sent(
    connection: Any, scene: list[int], desk: Any
) -> None:
    await approve(connection, AWARD, by=HR2, now=DECIDED)
    await accept(connection, AWARD, by=FIRST, now=DECIDED)
    await export(connection, AWARD, payout="P-2026-0001", by=HR, now=DECIDED)
    await pay(connection, AWARD, reference="r1", paid_on=DECIDED.date(), by=HR, now=DECIDED)
    hr = await desk(HR)
    path = f"/hr/approvals/{AWARD}/recover"
    key = re.search(r'name="key" value="([^"]+)"', await hr.page(f"/hr/approvals/{AWARD}"))
    assert key
    answer = await hr.send(path, key=key[1], amount="2 vacation days", reason="")
    assert answer.status_code == 422
    assert "Say why: the winner reads it." in answer.text
    answer = await hr.send(path, key=key[1], amount="€100.01", reason="paid twice")
    assert answer.status_code == 422
    for _ in range(2):
        answer = await hr.send(path, key=key[1], amount="€40", reason="paid twice")
        assert answer.status_code == 303
    assert (await award(connection, AWARD)).recovered == 4_000
    assert "At most €60." in await hr.page(f"/hr/approvals/{AWARD}")


async def test_days_of_somebody_who_left_wait_until_somebody_says_how_they_were_settled(
    connection: Any, scene: list[int], desk: Any
) -> None:
    vacation, winner = scene[1], FIRST + 1
    await approve(connection, vacation, by=HR2, now=DECIDED)
    await accept(connection, vacation, by=winner, now=DECIDED)
    await person_left(connection, winner, DECIDED)
    hr = await desk(HR)
    assert "Days of people who left" in await hr.page("/hr/approvals")
    path = f"/hr/approvals/{vacation}/settle"
    assert (await hr.send(path)).status_code == 422
    assert (await hr.send(path, settled="with the last salary")).status_code == 303
    assert "Days of people who left" not in await hr.page("/hr/approvals")


async def test_limits_and_delegations_are_set_on_their_page_and_wrong_ones_say_so(
    connection: Any, scene: list[int], desk: Any
) -> None:
    hr, other = await desk(HR), await desk(HR2)
    assert "There is no limit yet" in await hr.page("/hr/delegations")
    assert (await hr.send("/hr/delegations/limits", limit="10^18 euros")).status_code == 422
    assert (await hr.send("/hr/delegations/limits", limit="€500")).status_code == 303
    assert "€500" in await hr.page("/hr/delegations")
    assert (await hr.send("/hr/delegations/limits", none="€500")).status_code == 303
    assert "There is no limit yet" in await hr.page("/hr/delegations")
    wrong = await hr.send(
        "/hr/delegations", to="nobody@halden.example", starts_on="2026-12-24", ends_on="soon"
    )
    assert wrong.status_code == 422
    assert "Nobody here has this e-mail address." in wrong.text
    assert "Choose a day." in wrong.text
    assert (await hr.send("/hr/delegations", to="a\0b")).status_code == 422
    right = await hr.send(
        "/hr/delegations", to="HR2@halden.example", starts_on="2099-12-24", ends_on="2099-12-31"
    )
    assert right.status_code == 303, right.text
    assert "31 December 2099" in await hr.page("/hr/delegations")
    assert "You decide for" in await other.page("/hr/delegations")
    assert (await other.send("/hr/delegations/1/end")).status_code == 303
    assert "31 December 2099" not in await hr.page("/hr/delegations")


async def test_an_award_that_is_not_there_and_people_who_decide_nothing(
    connection: Any, scene: list[int], desk: Any
) -> None:
    hr, winner = await desk(HR), await desk(FIRST)
    for award_id in (0, 99, 2**63, 2**70):
        await hr.page(f"/hr/approvals/{award_id}", status=404)
    for path in ("/hr/approvals", f"/hr/approvals/{AWARD}"):
        await winner.page(path, status=403)
    assert (await winner.send(f"/hr/approvals/{AWARD}/approve")).status_code == 403
    assert await state(connection, AWARD) is AwardState.PROPOSED


async def test_hr_notes_that_a_winner_left_and_the_money_stays_theirs(
    connection: Any, scene: list[int], desk: Any
) -> None:
    other = await desk(HR2)
    await approve(connection, scene[0], by=HR2, now=DECIDED)
    where = f"/hr/approvals/{AWARD}/left"
    assert "The winner left the company" in await other.page(f"/hr/approvals/{AWARD}")
    assert "Tick the box" in (await other.send(where)).text
    for _ in range(2):
        assert (await other.send(where, left="yes")).status_code == 303
    assert await state(connection, scene[0]) is AwardState.ACCEPTED
    shown = await other.page(f"/hr/approvals/{AWARD}")
    assert "Note that they left" not in shown
    stranger = await desk(FIRST + 1)
    assert (await stranger.send(where, left="yes")).status_code == 403


async def test_nobody_of_hr_reads_of_an_award_of_their_own_before_they_are_told(
    connection: Any, scene: list[int], signed_in: As
) -> None:
    await connection.execute(
        """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
           values ($1, 'hr', true, null, $2)""",
        FIRST,
        NOW,
    )
    desk = Desk(await signed_in(FIRST))
    slug = "conversation-starters"
    queue, run = await desk.page("/hr/approvals"), await desk.page(f"/hr/contests/{slug}")
    assert f"/hr/approvals/{AWARD}" not in queue.replace(f"/hr/approvals/{AWARD + 1}", "")
    assert f"/hr/approvals/{AWARD + 1}" in queue
    assert f"/evidence/{FIRST + 1}" in run
    assert f"/evidence/{FIRST}" not in run.replace(f"/evidence/{FIRST + 1}", "")
    for path in (f"/hr/approvals/{AWARD}", f"/hr/contests/{slug}/evidence/{FIRST}"):
        await desk.page(path, 404)
    answer = await desk.send(f"/hr/approvals/{AWARD}/approve")
    assert answer.status_code == 404
    await approve(connection, AWARD, by=HR2, now=DECIDED)
    await desk.page(f"/hr/approvals/{AWARD}")
    assert "A1" in await desk.page("/hr/approvals")


HERE, LONE = "ana@social.example", "bo@bo.example"
MASTODON = (Network("mastodon", "cash", "no central rule", "", "2026-11-01"),)


@pytest.mark.parametrize(
    ("winner", "colleague", "told"),
    [(LONE, "cem@social.example", True), (LONE, "cem@bo.example", False),
     (HERE, "cem@social.example", False)],
)  # fmt: skip
async def test_who_decides_is_told_that_followers_were_counted_where_nobody_else_looks(
    connection: Any, desk: Any, winner: str, colleague: str, told: bool
) -> None:
    await found(connection)
    rules = charter(metric="followers", breakers=("pool", "order"), networks=MASTODON)
    contest = await published(connection, rules)
    await own(connection, "mastodon", winner, FIRST, NOW)
    await own(connection, "mastodon", colleague, FIRST + 2, NOW)
    await enter(connection, contest, FIRST, now=NOW)
    counts = ((100, START), (160, END))
    await tell(connection, *(followers(winner, n, at) for n, at in counts), network="mastodon")
    await decided(connection)
    for page in (f"/hr/approvals/{AWARD}", f"/hr/contests/conversation-starters/evidence/{FIRST}"):
        text = await (await desk(HR2)).page(page)
        assert ("60 of the followers were counted at bo.example" in text) is told
