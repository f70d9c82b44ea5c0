"""“This is wrong”, from the line to the answer: in a browser, without scripts, readable for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.barriers import check
from tests.e2e.conftest import NARROW, WIDE, Visit


@pytest.mark.parametrize(("size", "scripts"), [(WIDE, True), (NARROW, False)])
def test_a_line_is_disputed_answered_and_explains_itself(
    visit: Visit, size: tuple[int, int], scripts: bool
) -> None:
    def look(page: Page) -> None:
        if scripts:
            check(page, unfolded=True)

    mine = visit("/why?period=season", "employee", size=size, scripts=scripts)
    look(mine)
    mine.locator(".rule a.wrong", has_text="This is wrong").first.click()
    expect(mine.locator("h1")).to_have_text("What is wrong with this?")
    mine.get_by_role("button", name="Send it").click()
    expect(mine.locator("#words-error")).to_contain_text("Say in a sentence")
    look(mine)
    words = f"He wrote about the pump, too. {size[0]} {scripts}"
    mine.get_by_label("Why is it wrong?").fill(words)
    mine.get_by_role("button", name="Send it").click()
    expect(mine.locator("#toast")).to_contain_text("Nothing changes until then")
    look(mine)

    theirs = visit("/hr/cases", "hr", size=size, scripts=scripts)
    look(theirs)
    theirs.get_by_role("row", name=words).get_by_role("link").first.click()
    expect(theirs.get_by_text(words)).to_be_visible()
    theirs.get_by_label("No, put it right").check()
    theirs.get_by_label("How many points").fill("3")
    look(theirs)
    theirs.get_by_label("Why", exact=True).fill("You are right.")
    theirs.get_by_role("button", name="Answer").click()
    expect(theirs.locator("#toast")).to_contain_text("Answered.")

    mine.goto("/me/cases")
    own = mine.locator(".own-cases > li", has_text=words)
    expect(own).to_contain_text("put right: +3")
    expect(own).to_contain_text("You are right.")
    look(mine)
    mine.goto("/why?period=season")
    expect(mine.get_by_role("link", name="The answer").first).to_be_visible()
