"""Topics in a browser: communications keeps the list and sorts posts, an author sorts their own."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, WIDE, Visit

GRAVE = {"serious", "critical"}


def look(page: Page) -> None:
    """Nothing that keeps somebody out, and nothing wider than the window."""
    found = Axe().run(page).response["violations"]
    assert [one for one in found if one["impact"] in GRAVE] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_communications_keeps_topics(visit: Visit, size: tuple[int, int], scheme: str) -> None:
    page = visit("/comms/topics", "communications", size=size, scheme=scheme)
    look(page)
    page.get_by_label("Name", exact=True).fill("Ünder pressure")
    page.get_by_label("Words and phrases").fill("night pressure\ncake")
    page.get_by_role("button", name="Look what it finds").click()
    expect(page.get_by_role("heading", name="What the list finds")).to_be_visible()
    expect(page.get_by_label("Words and phrases")).to_have_value("night pressure\ncake")
    look(page)
    page.get_by_role("link", name="Helping out").click()
    expect(page.get_by_role("heading", name="Helping out", exact=True)).to_be_visible()
    page.get_by_text("Give it to earlier posts").click()
    page.get_by_role("button", name="Give it to them").click()
    expect(page.get_by_text("Say why: it stays with the topic.")).to_be_visible()
    look(page)


@pytest.mark.parametrize(("size", "scheme"), [(NARROW, "light"), (WIDE, "dark")])
def test_people_say_what_posts_are_about(visit: Visit, size: tuple[int, int], scheme: str) -> None:
    page = visit("/comms/posts?show=all", "communications", size=size, scheme=scheme)
    look(page)
    first = page.locator(".topical:has(select)").first
    first.get_by_role("button", name="Put on").click()
    expect(page.locator("#toast")).to_contain_text("Saved")
    expect(page.get_by_text("by communications").first).to_be_visible()
    own = visit("/me/topics", "employee", size=size, scheme=scheme)
    look(own)
    own.get_by_role("button", name="Take off").first.click()
    expect(own.locator("#toast")).to_contain_text("Taken off")
