"""HR changes the rules in a browser: form and text follow one another, with and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.barriers import check
from tests.e2e.conftest import NARROW, Visit

LIKED = "r3_points_0"  # the first step of the fourth rule: likes


def what_if(page: Page) -> Page:
    """Run the draft that is open and wait for what came of it."""
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("heading", name="Adopt it")).to_be_visible(timeout=30_000)
    return page


def test_each_side_follows_the_other_while_it_is_typed(visit: Visit) -> None:
    page = visit("/hr/rules/edit?from=preset:conversation_first", "hr")
    text = page.locator("#text")
    expect(text).to_have_value(re.compile("twenty thousand"))
    page.locator("#rule-3 summary").click()
    page.locator(f"#{LIKED}").fill("2")
    expect(page.locator("#text")).to_have_value(
        re.compile(r"steps  = \[\[20, 2\]\]              # a fifth of an answer")
    )
    expect(page.locator(f"#{LIKED}")).to_be_focused()
    changed = page.locator("#text").input_value().replace("[[20, 2]] ", "[[500, 2]]")
    page.locator("#text").fill(changed)
    expect(page.locator("#r3_count_0")).to_have_value("500")
    expect(page.locator("#notes-3")).to_contain_text("One post could decide the month")
    expect(page.locator("#text")).to_be_focused()
    page.locator("#rule-3 summary").click()
    page.locator(f"#{LIKED}").fill("1")
    expect(page.locator("#text")).to_have_value(re.compile(r"\[\[500, 1\]\]"))


def test_without_scripts_the_same_is_done_by_buttons(visit: Visit) -> None:
    page = visit("/hr/rules/edit?from=preset:balanced", "hr", scripts=False)
    page.locator("#rule-0 summary").click()
    page.locator("#r0_points_0").fill("6")
    page.get_by_role("button", name="Take over what I changed").click()
    assert "[[10, 6], [10, 1]]" in page.locator("#text").input_value()
    page.get_by_role("button", name="Add a rule").click()
    expect(page.locator("#rule-13 legend").first).to_have_text("A new rule")
    page.locator("#rule-13").get_by_role("button", name="Take this rule out").click()
    expect(page.locator("#rule-13")).to_have_count(0)


def test_a_draft_is_run_by_the_worker_while_its_page_waits(visit: Visit) -> None:
    page = what_if(visit("/hr/rules/edit?from=preset:team_spirit", "hr"))
    expect(page.get_by_role("heading", name="Which rule gives how much")).to_be_visible()
    page.get_by_role("link", name="Back to the draft").click()
    assert "# Team spirit" in page.locator("#text").input_value()


def test_everybody_can_use_the_pages_of_the_rules(visit: Visit) -> None:
    page = visit("/hr/rules", "hr", size=NARROW)
    check(page)
    page.goto("/hr/rules/edit?from=preset:launch_month")
    check(page, unfolded=True)
    check(what_if(page))
