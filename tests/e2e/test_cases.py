"""“This is wrong”, from the line to the answer: in a browser, without scripts, readable for everybody."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, WIDE, Visit

GRAVE = {"serious", "critical"}


def readable(page: Page, size: tuple[int, int]) -> None:
    """Nothing grave for a screen reader, nothing wider than the screen, everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], page.url
    found = [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in GRAVE
    ]
    assert not found, (page.url, found)


@pytest.mark.parametrize(
    ("scheme", "size", "scripts"),
    [("light", WIDE, True), ("dark", NARROW, True), ("light", NARROW, False)],
)
def test_a_line_is_disputed_answered_and_explains_itself(
    visit: Visit, scheme: str, size: tuple[int, int], scripts: bool
) -> None:
    look = readable if scripts else (lambda page, size: None)
    mine = visit("/why?period=season", "employee", size=size, scheme=scheme, scripts=scripts)
    look(mine, size)
    mine.locator(".rule a.wrong", has_text="This is wrong").first.click()
    expect(mine.locator("h1")).to_have_text("What is wrong with this?")
    mine.get_by_role("button", name="Send it").click()
    expect(mine.locator("#words-error")).to_contain_text("Say in a sentence")
    look(mine, size)
    words = f"He wrote about the pump, too. {scheme} {size[0]} {scripts}"
    mine.get_by_label("Why is it wrong?").fill(words)
    mine.get_by_role("button", name="Send it").click()
    expect(mine.locator("#toast")).to_contain_text("Nothing changes until then")
    look(mine, size)

    theirs = visit("/hr/cases", "hr", size=size, scheme=scheme, scripts=scripts)
    look(theirs, size)
    theirs.get_by_role("row", name=words).get_by_role("link").first.click()
    expect(theirs.get_by_text(words)).to_be_visible()
    theirs.get_by_label("No, put it right").check()
    theirs.get_by_label("How many points").fill("3")
    look(theirs, size)
    theirs.get_by_label("Why", exact=True).fill("You are right.")
    theirs.get_by_role("button", name="Answer").click()
    expect(theirs.locator("#toast")).to_contain_text("Answered.")

    mine.goto("/me/cases")
    own = mine.locator(".own-cases > li", has_text=words)
    expect(own).to_contain_text("put right: +3")
    expect(own).to_contain_text("You are right.")
    look(mine, size)
    mine.goto("/why?period=season")
    expect(mine.get_by_role("link", name="The answer").first).to_be_visible()
