"""Topics in a browser: communications keeps the list and sorts posts, an author sorts their own."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.barriers import check
from tests.e2e.conftest import NARROW, Visit


def test_communications_keeps_topics(visit: Visit) -> None:
    page = visit("/comms/topics", "communications", size=NARROW)
    check(page)
    page.get_by_label("Name", exact=True).fill("Ünder pressure")
    page.get_by_label("Words and phrases").fill("night pressure\ncake")
    page.get_by_role("button", name="Look what it finds").click()
    expect(page.get_by_role("heading", name="What the list finds")).to_be_visible()
    expect(page.get_by_label("Words and phrases")).to_have_value("night pressure\ncake")
    check(page)
    page.get_by_role("link", name="Helping out").click()
    expect(page.get_by_role("heading", name="Helping out", exact=True)).to_be_visible()
    page.get_by_text("Give it to earlier posts").click()
    page.get_by_role("button", name="Give it to them").click()
    expect(page.get_by_text("Say why: it stays with the topic.")).to_be_visible()
    check(page)


def test_people_say_what_posts_are_about(visit: Visit) -> None:
    page = visit("/comms/posts?show=all", "communications", size=NARROW)
    check(page)
    first = page.locator(".topical:has(select)").first
    first.get_by_role("button", name="Put on").click()
    expect(page.locator("#toast")).to_contain_text("Saved")
    expect(page.get_by_text("by communications").first).to_be_visible()
    own = visit("/me/topics", "employee")
    check(own)
    own.get_by_role("button", name="Take off").first.click()
    expect(own.locator("#toast")).to_contain_text("Taken off")
