"""The leaderboard in a browser: live, with filters and search, with and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, Visit
from tests.e2e.world import EMAILS, World


def test_the_board_moves_when_a_signed_webhook_arrives(visit: Visit, installation: World) -> None:
    page = visit("/?period=all")
    expect(page.locator("#live-mark")).to_have_text("Live")
    own = page.locator(".board tr[aria-current]")
    before = int(own.locator(".pts").inner_text().replace(",", ""))
    line = page.locator("#own-line strong").nth(1)
    expect(line).to_have_text(f"{before:,}")
    installation.answers(EMAILS["employee"], 3)
    # Three new people who answer: each an answer and a new voice.
    expect(own.locator(".pts")).not_to_have_text(f"{before:,}")
    expect(line).not_to_have_text(f"{before:,}")
    after = int(own.locator(".pts").inner_text().replace(",", ""))
    assert after > before
    page.goto("/why")
    expect(page.get_by_text("People answered you").first).to_be_visible()
    expect(page.get_by_text("A pump, a roof and ten degrees below zero").first).to_be_visible()


def test_filters_change_the_board_and_its_address_and_back_goes_back(visit: Visit) -> None:
    page = visit("/")
    month = page.locator("h1").inner_text()
    page.get_by_role("link", name="All time").click()
    expect(page.locator("h1")).to_have_text("All-time leaderboard")
    expect(page).to_have_url(re.compile(r"period=all"))
    expect(page).to_have_title(re.compile("All-time"))
    expect(page.get_by_role("link", name="All time")).to_be_focused()
    page.get_by_label("Who is shown").select_option(label="Departments")
    expect(page.locator("thead")).to_contain_text("Team")
    page.go_back()
    page.go_back()
    expect(page.locator("h1")).to_have_text(month)


def test_typing_finds_a_colleague_and_keeps_the_words(visit: Visit) -> None:
    page = visit("/?period=all")
    name = page.locator("#board-rows tr b").nth(3).inner_text()
    box = page.get_by_placeholder("Find a colleague")
    box.press_sequentially(
        name, delay=15
    )  # whole: a first name may be more people's than are shown
    expect(page.locator("tr.found").first).to_be_visible()
    expect(page.locator("tr.found b").filter(has_text=name).first).to_be_visible()
    expect(box).to_have_value(name)
    expect(box).to_be_focused()
    box.fill("nobody is called like this")
    expect(page.get_by_text("is shown here")).to_be_visible()


def test_everything_works_without_scripts(visit: Visit) -> None:
    page = visit("/", scripts=False)
    expect(page.locator("#live-mark")).to_contain_text("As of")
    page.get_by_role("link", name="All time").click()
    expect(page.locator("h1")).to_have_text("All-time leaderboard")
    page.get_by_label("Who is shown").select_option(label="Offices")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("thead")).to_contain_text("Team")
    page.goto("/?period=all")
    name = page.locator("#board-rows tr b").first.inner_text()
    page.get_by_placeholder("Find a colleague").fill(name)
    page.get_by_role("button", name="Find").click()
    expect(page.locator("tr.found b")).to_contain_text(name)


def test_a_row_tells_more_on_a_tap_and_nothing_is_wider_than_the_screen(visit: Visit) -> None:
    for path in ("/?period=all", "/why", "/points", "/give-and-take", "/?audience=departments"):
        page = visit(path, "communications", size=NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], path
    page = visit("/?period=all", size=NARROW)
    more = page.locator("#board-rows details").first
    more.locator("summary").click()
    expect(more.locator("dl")).to_be_visible()


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached
    assert {"period-week", "metric-points", "audience", "find"} <= set(reached)
    page.locator("#period-all").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("All-time leaderboard")
    page.get_by_role("link", name="Why these points?").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Why these points")
