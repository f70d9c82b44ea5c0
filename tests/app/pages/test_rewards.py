"""The wallet, and what others read of who won."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar

from rewards import AwardState, award, confirm_date
from rewards.amounts import Amount
from rewards.contests.charter import Among, Prize, PrizeKind
from rewards.contests.decide import Win
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.contest_rows import FIRST, Contests
from tests.app.pages.test_contests import send, shown, words

DAYS = Prize(2, PrizeKind.DAYS, Among.EACH, (Amount(4),), first_place=2, last_place=2, budgets=(2,))
EITHER = Prize(
    3, PrizeKind.CHOICE, Among.EACH, (Amount(10_000, "EUR"), Amount(2)),
    first_place=3, last_place=3, budgets=(1, 2),
)  # fmt: skip
THANKS = Prize(
    4, PrizeKind.RECOGNITION, Among.ALL, text="Breakfast with the board", reach=5, at_most=9
)
DECIDED = ("settled", "decided")


class Decided:
    """A decided contest with four winners, Ada 0 to Ada 3, of ten people."""

    def __init__(self, contests: Contests) -> None:
        self.contests = contests
        self.people: list[int] = []
        self.awards: list[int] = []
        self.approver = 0

    async def begin(
        self, *, announced: bool = False, approved: bool = True, **terms: object
    ) -> None:
        company = self.contests.company
        self.people = [await company.person(f"Ada {n}") for n in range(10)]
        self.approver = await company.person("Arne Approver", role="hr")
        first, second, third, fourth = self.people[:4]
        contest_id = await self.contests.contest(
            starts_in=timedelta(days=-40),
            values={person: 20 - n for n, person in enumerate(self.people)},
            events=(*DECIDED, "announced") if announced else DECIDED,
            prizes=(FIRST, DAYS, EITHER, THANKS),
            **terms,
        )
        wins = [
            Win(1, 1, 0, first, None, Amount(20_000, "EUR"), "place"),
            Win(2, 2, 0, second, None, Amount(4), "place"),
            Win(3, 3, 0, third, None, Amount(10_000, "EUR"), "place"),
            Win(4, None, None, fourth, None, None, "reached"),
        ]
        approver = self.approver if approved else None
        self.awards = await self.contests.awards(contest_id, wins, approver)

    async def state(self, number: int) -> AwardState:
        """Where the award of a winner stands."""
        return (await award(self.contests.connection, self.awards[number])).state


@pytest.fixture
async def decided(company: Company) -> Decided:
    """Somebody publishes; `begin` does the rest."""
    return Decided(Contests(company, await company.person("Hanna of HR", role="hr")))


async def test_a_winner_reads_what_was_won_and_nobody_else_does(
    decided: Decided, signed_in: As
) -> None:
    await decided.begin()
    client = await signed_in(decided.people[0])
    page = words(await shown(client, "/rewards"))
    assert "€200 Waits for you" in page
    assert "Starters · 1st place" in page
    assert "Say whether you accept it until" in page
    contest = words(await shown(client, "/contests/starters"))
    assert "You won €200." in contest
    for other in (decided.people[5], decided.approver):
        page = await shown(await signed_in(other), "/contests/starters")
        assert "€200 Waits" not in words(page)
        assert "Winners are told first, in private." in page
        assert (
            "who won something is told first" in words(page).lower() or other != decided.people[5]
        )
        empty = words(await shown(await signed_in(other), "/rewards"))
        assert "Nothing here yet, and that is fine" in empty


async def test_before_it_is_announced_nobody_reads_who_won_also_where_winners_are_not_told_first(
    decided: Decided, signed_in: As
) -> None:
    await decided.begin(tell_privately=False)
    for person in (decided.people[5], decided.approver):
        page = words(await shown(await signed_in(person), "/contests/starters"))
        assert "Who won stands here when it is announced." in page
        assert "A colleague" not in page
        assert "told first" not in page


async def test_before_somebody_else_approved_it_the_winner_learns_nothing(
    decided: Decided, signed_in: As
) -> None:
    await decided.begin(approved=False)
    winner, other = decided.people[0], decided.people[8]
    pages = []
    for person in (winner, other):
        client = await signed_in(person)
        assert "Nothing here yet" in await shown(client, "/rewards")
        own = (await shown(client, "/contests/starters")).split('id="contest-own"')[1]
        pages.append(own.split("</section>")[0].count("<p"))
    assert pages[0] == pages[1]


async def test_accepting_is_one_click_and_twice_is_once(decided: Decided, signed_in: As) -> None:
    await decided.begin()
    client = await signed_in(decided.people[0])
    for _ in range(2):
        answer = await send(client, f"/rewards/{decided.awards[0]}/accept", at="/rewards")
        assert answer.status_code == 303
    assert await decided.state(0) is AwardState.ACCEPTED
    page = words(await shown(client, "/rewards"))
    assert "Accepted. What happens next stands with it." in page
    assert "It goes to payroll with the next file" in page


async def test_declining_asks_twice_and_is_for_good(decided: Decided, signed_in: As) -> None:
    await decided.begin()
    client = await signed_in(decided.people[0])
    path = f"/rewards/{decided.awards[0]}/decline"
    answer = await send(client, path, at="/rewards")
    assert answer.status_code == 422
    assert "Please confirm that you mean it" in answer.text
    assert await decided.state(0) is AwardState.APPROVED
    assert (await send(client, path, at="/rewards", sure="yes")).status_code == 303
    assert await decided.state(0) is AwardState.DECLINED
    late = await send(client, f"/rewards/{decided.awards[0]}/accept", at="/rewards")
    assert late.status_code == 422


async def test_where_there_is_a_choice_it_must_be_made(decided: Decided, signed_in: As) -> None:
    await decided.begin()
    client = await signed_in(decided.people[2])
    path = f"/rewards/{decided.awards[2]}/accept"
    answer = await send(client, path, at="/rewards")
    assert answer.status_code == 422
    assert "Choose what you would like" in answer.text
    assert (await send(client, path, at="/rewards", choice="days")).status_code == 303
    page = words(await shown(client, "/rewards"))
    assert "1 vacation day Accepted" in page
    assert "You chose the vacation" in page


async def test_a_date_is_asked_for_confirmed_and_lands_in_the_own_calendar(
    decided: Decided, signed_in: As, company: Company
) -> None:
    await decided.begin()
    client = await signed_in(decided.people[1])
    award_id = decided.awards[1]
    assert (await send(client, f"/rewards/{award_id}/accept", at="/rewards")).status_code == 303
    on = (company.now + timedelta(days=30)).date()
    path = f"/rewards/{award_id}/date"
    for wrong, why in (("", "Choose a day"), ("2020-01-01", "This day is over"), ("x", "Choose")):
        answer = await send(client, path, at="/rewards", on=wrong)
        assert answer.status_code == 422
        assert why in answer.text
    assert (await client.get(f"/rewards/{award_id}/calendar.ics")).status_code == 404
    assert (await send(client, path, at="/rewards", on=on.isoformat())).status_code == 303
    assert "Asked for" in await shown(client, "/rewards")
    view = await award(company.connection, award_id)
    await confirm_date(
        company.connection, award_id, view.dates[0].id, by=decided.approver, now=company.now
    )
    page = words(await shown(client, "/rewards"))
    assert "Confirmed" in page
    assert "Days left 1 vacation day Days planned 1 vacation day" in page
    file = await client.get(f"/rewards/{award_id}/calendar.ics")
    events = Calendar.from_ical(file.content).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [on]
    assert "text/calendar" in file.headers["content-type"]


async def test_nobody_answers_for_somebody_else(decided: Decided, signed_in: As) -> None:
    await decided.begin()
    thief = await signed_in(decided.people[1])
    award_id = decided.awards[0]
    for verb in ("accept", "decline", "date", "shown"):
        answer = await send(
            thief, f"/rewards/{award_id}/{verb}", at="/rewards",
            sure="yes", on="2030-01-01", shown="name+prize",
        )  # fmt: skip
        assert answer.status_code == 404
    assert (await thief.get(f"/rewards/{award_id}/calendar.ics")).status_code == 404
    assert await decided.state(0) is AwardState.APPROVED


async def test_a_name_and_a_prize_stand_there_only_with_the_winners_yes(
    decided: Decided, signed_in: As
) -> None:
    await decided.begin(announced=True)
    onlooker = await signed_in(decided.people[8])
    won = (await shown(onlooker, "/contests/starters")).split('class="winners"')[1]
    won = won.split('class="standing-head"')[0]
    assert "A colleague" in won
    assert "Ada" not in won
    assert "€200" not in won
    winner = await signed_in(decided.people[0])
    path = f"/rewards/{decided.awards[0]}/shown"
    for choice, name, prize in (
        ("name", True, False),
        ("name+prize", True, True),
        ("none", False, False),
    ):
        assert (await send(winner, path, at="/rewards", shown=choice)).status_code == 303
        won = (await shown(onlooker, "/contests/starters")).split('class="winners"')[1]
        won = won.split('class="standing-head"')[0]
        assert ("Ada 0" in won, "€200" in won) == (name, prize)
    assert (await send(winner, path, at="/rewards", shown="everything")).status_code == 422


async def test_thresholds_are_told_as_a_number(decided: Decided, signed_in: As) -> None:
    await decided.begin(announced=True)
    page = words(await shown(await signed_in(decided.people[8]), "/contests/starters"))
    assert "Everyone who is answered by 5 people: 1 person." in page
    own = words(await shown(await signed_in(decided.people[3]), "/rewards"))
    assert "Breakfast with the board" in own
    assert "you reached the goal" in own.lower()


async def test_who_won_nothing_is_thanked_once_it_is_announced(
    decided: Decided, signed_in: As
) -> None:
    await decided.begin(announced=True)
    page = words(await shown(await signed_in(decided.people[8]), "/contests/starters"))
    assert "No prize this time." in page
    assert "9th" in page
