"""Contests and rewards in a browser: live, by keyboard, without scripts, on a narrow screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from playwright.sync_api import Page, Route, expect

from app.pages.contests.countdown import left
from rewards import Amount, accept, confirm_date, wish_date
from rewards.contests.charter import Among, Bracket, Prize, PrizeKind
from rewards.contests.decide import Win
from tests.app.pages.company import Company
from tests.app.pages.contest_rows import NETWORKS, Contests
from tests.e2e.barriers import barriers
from tests.e2e.conftest import NARROW, Visit
from tests.e2e.world import EMAILS, World, apart

BRACKETS = (Bracket("Under 500", 0, 500), Bracket("From 500", 500, None))


def publish(installation: World, slug: str, **terms: Any) -> None:
    """A published contest; the installation's own clock starts it and its worker counts it."""

    async def work() -> None:
        connection = await asyncpg.connect(installation.settings.require_database_url())
        try:
            publisher = await connection.fetchval(
                "select person_id from profile where email = $1", EMAILS["hr"]
            )
            contests = Contests(Company(connection), publisher)
            await contests.contest(slug, clock=True, **terms)
        finally:
            await connection.close()

    apart(work())


async def award_everything(installation: World) -> None:
    """A decided contest in which the employee won a choice, days and thanks."""
    connection = await asyncpg.connect(installation.settings.require_database_url())
    try:
        winner, publisher = [
            await connection.fetchval("select person_id from profile where email = $1", EMAILS[key])
            for key in ("employee", "hr")
        ]
        company = Company(connection)
        approver = await company.person("Arne Approver", role="hr")
        contests = Contests(company, publisher)
        prizes = (
            Prize(
                1, PrizeKind.CHOICE, Among.ALL, (Amount(20_000, "EUR"), Amount(2)),
                first_place=1, last_place=1, budgets=(1, 2),
            ),
            Prize(2, PrizeKind.DAYS, Among.ALL, (Amount(4),), reach=3, at_most=9, budgets=(2,)),
            Prize(3, PrizeKind.RECOGNITION, Among.ALL, text="Breakfast", reach=1, at_most=9),
        )  # fmt: skip
        contest_id = await contests.contest(
            "last-month", starts_in=-timedelta(days=40), values={winner: 12}, prizes=prizes,
            events=("settled", "decided", "announced"), tax_notes=(("DE", "It is taxed as pay."),),
        )  # fmt: skip
        wins = [
            Win(1, 1, None, winner, None, Amount(20_000, "EUR"), "place"),
            Win(2, None, None, winner, None, Amount(4), "reached"),
            Win(3, None, None, winner, None, None, "reached"),
        ]
        awards = await contests.awards(contest_id, wins, approver)
        for award_id in awards[1:]:
            await accept(connection, award_id, by=winner, now=company.now)
        on = (company.now + timedelta(days=40)).date()
        view = await wish_date(connection, awards[1], by=winner, on=on, now=company.now)
        wish = view.dates[0].id
        await confirm_date(connection, awards[1], wish, by=approver, now=company.now)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def contests(installation: World) -> World:
    """The installation with contests that everybody is in, one by a click, one to come."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    tag = installation.settings.disclosure_tag
    publish(
        installation, "conversation-starters", starts_in=-5 * day, lasts=9 * day,
        entering="default", brackets=BRACKETS, networks=NETWORKS, disclosure_tag=tag,
    )  # fmt: skip
    publish(installation, "by-a-click", starts_in=-hour, lasts=20 * day)
    publish(installation, "to-come", starts_in=8 * day, lasts=20 * day)
    apart(award_everything(installation))
    return installation


def test_the_standing_moves_when_a_signed_webhook_arrives(visit: Visit, contests: World) -> None:
    page = visit("/contests/conversation-starters")
    expect(page.locator("#live-mark")).to_have_text("Live")
    own = page.locator("#contest-own")
    expect(own).to_contain_text("Where you stand")
    before = value(page)
    contests.answers(EMAILS["employee"], 3)
    expect(page.locator("#contest-own .figures span").nth(1).locator("b")).to_have_text(
        f"{before + 3}"
    )


def value(page: Page) -> int:
    """The viewer's own value in a contest."""
    return int(page.locator("#contest-own .figures span").nth(1).locator("b").inner_text())


@pytest.mark.parametrize("scripts", [True, False])
def test_entering_and_leaving_takes_a_click_each(
    visit: Visit, contests: World, scripts: bool
) -> None:
    page = visit("/contests/by-a-click", "communications", scripts=scripts)
    page.get_by_role("button", name="Enter").press("Enter")
    expect(page.locator("#toast")).to_contain_text("You are in.")
    expect(page.locator("#contest-own")).to_contain_text("Where you stand")
    page.locator("#contest-own summary", has_text="Leave this contest").click()
    page.get_by_role("button", name="Yes, leave this contest").click()
    expect(page.locator("#toast")).to_contain_text("Nobody is told")
    expect(page.get_by_role("button", name="Enter again")).to_be_visible()


def test_the_script_counts_down_in_the_words_of_the_server(visit: Visit, contests: World) -> None:
    page = visit("/contests")
    spans = [
        timedelta(days=17, minutes=5), timedelta(days=4, hours=6, minutes=30),
        timedelta(hours=6, minutes=5, seconds=30), timedelta(minutes=12, seconds=30),
        timedelta(minutes=2, seconds=30), timedelta(seconds=40), timedelta(seconds=-5),
    ]  # fmt: skip
    now = datetime.now(UTC)
    for number, span in enumerate(spans):
        page.evaluate(
            """([id, at]) => { const time = document.createElement("time"); time.id = id;
               time.setAttribute("datetime", at); time.dataset.left = "";
               document.querySelector("main").append(time); }""",
            [f"left-{number}", (now + span).isoformat()],
        )
    for number, span in enumerate(spans):
        text = page.locator(f"#left-{number}")
        expect(text).not_to_be_empty()
        # The clock goes on while we look, on a busy machine for long.
        said, looked = text.inner_text(), int((datetime.now(UTC) - now).total_seconds())
        assert said in [left(span - timedelta(seconds=late)) for late in range(-2, looked + 3)]


def test_the_wallet_is_answered_with_the_keyboard(visit: Visit, contests: World) -> None:
    page = visit("/rewards")
    card = page.locator(".award", has_text="€200 or 1 vacation day")
    card.get_by_role("button", name="Accept").press("Enter")
    # Nothing was chosen: the page says so beside it, and nothing happened.
    expect(card.get_by_text("Choose what you would like")).to_be_visible()
    # What is wrong has the keyboard; until it has, a key goes elsewhere.
    expect(card.get_by_role("radio").first).to_be_focused()
    card.get_by_text("I would rather not have it").press("Enter")
    card.get_by_role("button", name="Decline").press("Enter")
    expect(page.get_by_text("Please confirm that you mean it")).to_be_visible()
    days = page.locator(".award", has_text="2 vacation days")
    days.get_by_label("A day you would like to take").fill("2020-01-01")
    days.get_by_role("button", name="Ask for it").press("Enter")
    expect(days.locator(".error")).to_contain_text("This day is over")
    # What is wrong has the keyboard.
    expect(days.get_by_label("A day you would like to take")).to_be_focused()
    with page.expect_download() as download:
        days.get_by_role("link", name="Add to my calendar").press("Enter")
    assert download.value.suggested_filename.endswith(".ics")


def test_a_contest_that_ends_says_so_by_itself(visit: Visit, installation: World) -> None:
    publish(
        installation, "short", starts_in=-timedelta(minutes=5),
        lasts=timedelta(minutes=5, seconds=9), entering="default",
    )  # fmt: skip
    page = visit("/contests/short")
    expect(page.locator(".lead .tag")).to_have_text("Running")
    expect(page.locator(".lead .tag")).to_have_text("Being counted")


def test_a_choice_of_bracket_changes_the_address_and_back_goes_back(
    visit: Visit, contests: World
) -> None:
    page = visit("/contests/conversation-starters")
    chosen = page.locator("nav[aria-label=Bracket] [aria-current]")
    first = chosen.inner_text()
    other = "From 500" if first == "Under 500" else "Under 500"
    page.get_by_role("link", name=other).click()
    expect(chosen).to_have_text(other)
    assert "bracket=" in page.url
    page.go_back()
    expect(chosen).to_have_text(first)


def test_a_renewal_that_is_answered_late_does_not_put_the_old_bracket_back(
    visit: Visit, contests: World
) -> None:
    page = visit("/contests/conversation-starters")
    chosen = page.locator("nav[aria-label=Bracket] [aria-current]")
    other = "From 500" if chosen.inner_text() == "Under 500" else "Under 500"
    held: list[Route] = []

    def renewals(route: Route) -> None:
        if route.request.headers.get("hx-trigger") == "contest-page":
            held.append(route)
        else:
            route.continue_()

    page.route("**/contests/conversation-starters*", renewals)
    with page.expect_request(lambda asked: asked.headers.get("hx-trigger") == "contest-page"):
        page.evaluate("htmx.trigger(document.body, 'moment-came')")
    page.get_by_role("link", name=other).click()
    expect(chosen).to_have_text(other)
    with page.expect_response(
        lambda answer: answer.request.headers.get("hx-trigger") == "contest-page"
    ):
        held[0].continue_()
    page.wait_for_timeout(700)  # what is to change nothing leaves nothing else to wait for
    expect(chosen).to_have_text(other)


def test_nothing_keeps_anybody_out_of_the_pages_of_contests(visit: Visit, contests: World) -> None:
    found = []
    page = visit("/contests")
    for path in ("/contests", "/contests/conversation-starters", "/contests/by-a-click",
                 "/contests/to-come", "/contests/to-come/rules", "/contests/last-month",
                 "/rewards", "/"):  # fmt: skip
        page.goto(path)
        found += barriers(page)
    assert not found, "\n".join(found)


def test_nothing_is_wider_than_a_narrow_screen_for_anybody(visit: Visit, contests: World) -> None:
    for who in ("employee", "hr", "administrator"):
        page = visit("/contests", who, size=NARROW)
        for path in ("/contests", "/contests/conversation-starters", "/contests/to-come/rules",
                     "/rewards", "/"):  # fmt: skip
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], (who, path)
            for link in page.locator(".top nav a").all():
                box = link.bounding_box()
                assert box is not None
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= NARROW[0], (who, link.inner_text())


def test_the_first_contest_is_one_line_above_the_board_on_a_telephone(
    visit: Visit, contests: World
) -> None:
    page = visit("/", size=NARROW)
    line = page.locator("#running .running").first
    expect(line).to_be_visible()
    expect(line.locator("time")).to_be_visible()
    box, title = page.locator("#running").bounding_box(), page.locator("h1").bounding_box()
    assert box is not None
    assert title is not None
    assert box["y"] < title["y"]
    assert box["height"] < 90
