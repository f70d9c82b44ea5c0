"""Joining on a telephone, and that nobody is shut out of any page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.barriers import barriers
from tests.e2e.conftest import NARROW, Visit

# Path and who opens it; None is somebody who is not signed in.
PAGES = [
    ("/", "employee"),
    ("/?period=all&q=an", "employee"),
    ("/?audience=departments", "leader"),
    ("/?period=day&on=2020-01-01", "administrator"),
    ("/why", "employee"),
    ("/points", "hr"),
    ("/give-and-take", "communications"),
    ("/me", "employee"),
    ("/me/seen", "employee"),
    ("/join", "administrator"),
    ("/policy", None),
    ("/sign-in", None),
    ("/join", None),
    ("/admin", "administrator"),
    ("/admin/company-accounts", "administrator"),
    ("/admin/deliveries", "administrator"),
    ("/admin/contests", "administrator"),
    ("/admin/people", "administrator"),
    ("/admin/screens", "administrator"),
    ("/admin/screens/pair", "administrator"),
    ("/admin/screens/playlists", "administrator"),
    ("/admin/screens/playlists/standard", "administrator"),
    ("/admin/screens/preview", "administrator"),
    ("/admin/screens/pictures", "administrator"),
    ("/leader/announcements", "leader"),
    ("/announcements", "employee"),
    ("/nothing-here", "employee"),
]


def test_nothing_keeps_anybody_out_of_any_page(visit: Visit) -> None:
    found = []
    windows = {who: visit("/policy", who) for who in {who for _, who in PAGES}}
    for path, who in PAGES:
        page = windows[who]
        page.goto(path)
        found += barriers(page)
    assert not found, "\n".join(found)


def test_joining_works_on_a_narrow_screen(visit: Visit) -> None:
    page = visit("/join", "administrator", size=NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    page.get_by_role("button", name="Take part").click()
    # Nothing was ticked: the page says so beside the fields and keeps what was chosen.
    expect(page.locator(".error").first).to_be_visible()
    page.get_by_label("I have read version").check()
    page.get_by_label("I will add an account later").check()
    page.get_by_label("My name").check()
    page.get_by_role("button", name="Take part").click()
    expect(page.locator("#toast")).to_contain_text("Welcome")
    page.goto("/")
    expect(page.locator("#own-line")).to_contain_text("of yours in")
