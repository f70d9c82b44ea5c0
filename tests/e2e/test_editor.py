"""HR writes, publishes and takes back a contest in a browser, with and without scripts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from playwright.sync_api import Page, expect

from rewards import Kind, open_budget
from tests.e2e.barriers import barriers
from tests.e2e.conftest import Visit
from tests.e2e.world import EMAILS, World, apart


@pytest.fixture(scope="module", autouse=True)
def budgets(installation: World) -> None:
    """Money and days that HR may spend this year and next."""
    apart(open_budgets(installation.settings.require_database_url()))


async def open_budgets(url: str) -> None:
    """Open them once, whoever asks."""
    connection = await asyncpg.connect(url)
    now = datetime.now(UTC)
    hr = await connection.fetchval("select person_id from profile where email = $1", EMAILS["hr"])
    for kind, currency, units in ((Kind.CASH, "EUR", 10_000_000), (Kind.DAYS, None, 1_000)):
        await open_budget(
            connection,
            name="Written in a browser",
            kind=kind,
            currency=currency,
            starts_on=now.date() - timedelta(days=1),
            ends_on=now.date() + timedelta(days=400),
            units=units,
            spenders=[hr],
            by=hr,
            key=f"browser:{kind}",
            now=now,
        )
    await connection.close()


def begun(visit: Visit, template: str = "Conversation starters", **more: object) -> Page:
    """A new draft from a template, open in the editor, as HR."""
    page = visit("/hr/contests", "hr", **more)
    page.get_by_role("link", name="New contest").click()
    page.locator("li").filter(has_text=template).get_by_role("button").click()
    expect(page.get_by_role("button", name="Publish contest")).to_be_visible()
    return page


def filled(page: Page) -> None:
    """Dates to come, whom to ask, and of each kind the budget opened above."""
    start = datetime.now(UTC) + timedelta(days=3)
    page.get_by_label("Starts on").fill(f"{start:%Y-%m-%d}")
    page.get_by_label("Ends on").fill(f"{start + timedelta(days=9):%Y-%m-%d}")
    page.locator("#further > summary").click()
    page.get_by_label("Whom to ask").fill("hr@northwind.example")
    for choice in page.locator("select[name$=_budget]").all():
        days = choice.locator("xpath=ancestor::li").locator("[name$=_kind]").input_value() == "days"
        words = choice.locator("option").filter(has_text="Written in a browser")
        wanted = (
            words.filter(has_text="vacation") if days else words.filter(has_not_text="vacation")
        )
        choice.select_option(value=wanted.first.get_attribute("value"))


def test_the_right_column_follows_what_is_typed_and_the_keyboard_stays(visit: Visit) -> None:
    page = begun(visit)
    panel = page.locator("#contest-panel")
    expect(panel).to_contain_text("In plain words")
    filled(page)
    what = page.locator("#prize_1_what")
    what.fill("")
    what.press_sequentially("5 vacation days", delay=15)
    expect(panel.locator(".sentence")).to_contain_text("5 vacation days")
    expect(what).to_be_focused()
    expect(what).to_have_value("5 vacation days")
    # Computed from the time before, not guessed; and once more without anybody typing.
    expect(panel).to_contain_text("could enter today")
    page.get_by_label("Ends on").fill("2020-01-01")
    expect(panel.locator(".missing").first).to_be_visible()


def test_lines_are_added_and_taken_away_with_scripts_and_without(visit: Visit) -> None:
    for scripts in (True, False):
        page = begun(visit, "An empty one", scripts=scripts)
        page.get_by_label("Name", exact=True).fill("Kept while lines change")
        before = page.locator(".prize").count()
        page.get_by_role("button", name="Add a prize").click()
        expect(page.locator(".prize")).to_have_count(before + 1)
        expect(page.locator(f"#prize_{before + 1}_what")).to_be_focused()
        page.get_by_role("button", name="Remove").last.click()
        expect(page.locator(".prize")).to_have_count(before)
        expect(page.get_by_label("Name", exact=True)).to_have_value("Kept while lines change")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visit: Visit) -> None:
    page = begun(visit, scripts=False)
    page.get_by_label("Ends on").fill("2020-01-01")
    page.get_by_label("Name", exact=True).fill("Ends before it starts")
    page.get_by_role("button", name="Publish contest").click()
    summary = page.locator("#problems")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ends before it starts")
    expect(page.get_by_label("Ends on")).to_have_value("2020-01-01")


def test_two_people_who_save_at_once_lose_nothing(visit: Visit) -> None:
    one = begun(visit, "New voices")
    other = one.context.new_page()
    other.goto(one.url)
    one.get_by_label("Name", exact=True).fill("Saved first")
    one.get_by_role("button", name="Save draft").last.click()
    expect(one.locator("#toast")).to_contain_text("saved")
    other.get_by_label("Name", exact=True).fill("Saved second")
    other.get_by_role("button", name="Save draft").last.click()
    expect(other.get_by_role("alert")).to_contain_text("Not saved")
    expect(other.get_by_label("Name", exact=True)).to_have_value("Saved second")


def test_a_contest_is_published_seen_and_withdrawn(visit: Visit, installation: World) -> None:
    page = begun(visit)
    filled(page)
    page.get_by_label("Name", exact=True).fill("Published in a browser")
    page.get_by_role("button", name="Publish contest").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Publish")
    expect(page.locator("body")).to_contain_text("What it costs at most")
    page.get_by_role("button", name="Yes, publish").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Published in a browser")
    expect(page.locator("#rules-title")).to_be_visible()
    expect(page.locator("body")).to_contain_text(re.compile("[0-9a-f]{64}"))
    page.get_by_role("link", name="Withdraw it").click()
    page.get_by_label("Yes, make it a draft again").check()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("button", name="Publish contest")).to_be_visible()


def test_nothing_keeps_anybody_out_of_the_pages_of_hr(visit: Visit) -> None:
    page = begun(visit)
    filled(page)
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator("#toast")).to_contain_text("saved")
    page.locator("#further > summary").click()
    home = page.url.removesuffix("/edit")
    found = barriers(page)
    for path in ("/hr/contests", "/hr/contests/new", f"{home}/preview", f"{home}/publish"):
        page.goto(path)
        found += barriers(page)
    page.get_by_role("button", name="Yes, publish").click()
    expect(page.locator("#rules-title")).to_be_visible()
    page.locator("#all-rules > summary").click()
    found += barriers(page)
    for deed in ("amend", "cancel", "withdraw"):
        page.goto(f"{home}/{deed}")
        found += barriers(page)
    assert not found, "\n".join(found)
