"""How screens look, as laws in a real browser: every picture of the gallery, in every size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from app.assets import DIRECTORY
from tests.app.screens import gallery
from tests.chromium import ARGUMENTS, executable

MEASURING = Path(__file__).with_name("measuring.js").read_text()
SIZES = [(1280, 720), (1920, 1080), (3840, 2160), (1080, 1920), (720, 1280), (2160, 3840)]
SHEET = (DIRECTORY / "screen.css").read_text()


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The whole gallery."""
    return gallery.rendered()


@pytest.fixture(scope="module")
def tab(pages: dict[str, str]) -> Iterator[Page]:
    """One page of one browser, in which one picture after the other is hung."""
    with sync_playwright() as playwright:
        arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
        browser = playwright.chromium.launch(executable_path=executable(), args=arguments)
        page = browser.new_page(reduced_motion="reduce")
        page.route("**/*", lambda route: gallery.fulfil(route, pages))
        page.goto("https://gallery.example/headline")
        page.evaluate(
            "Promise.all(['400', '600', '700'].map(w => document.fonts.load(`${w} 20px 'Inter Variable'`)))"
        )
        yield page
        browser.close()


def stage(body: str) -> str:
    """The picture of a page."""
    found = re.search(r"<section id=\"stage\".*</section>", body, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_picture_is_readable_at_six_metres_and_stays_in_its_box(
    tab: Page, pages: dict[str, str], width: int, height: int
) -> None:
    tab.set_viewport_size({"width": width, "height": height})
    stages = {name: stage(body) for name, body in pages.items()}
    wrong = tab.evaluate(f"(stages) => {{ {MEASURING}; return measure(stages); }}", stages)
    assert not wrong, "\n".join(wrong)


def test_a_name_is_at_least_a_27th_of_the_screen_high(tab: Page) -> None:
    tab.set_viewport_size({"width": 1920, "height": 1080})
    rem = tab.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert rem * 2 >= 0.037 * 1080  # what measuring.js asks of names and figures
    assert rem * 1.2 >= 0.022 * 1080  # and of all else


def test_only_what_costs_no_graphics_card_moves() -> None:
    assert not re.search(r"filter\s*:|backdrop|blur\(", SHEET)
    for frames in re.findall(r"@keyframes \w+ \{(.*?)\n?\}\s*\n", SHEET, re.DOTALL):
        properties = set(re.findall(r"([a-z-]+)\s*:", frames))
        assert properties <= {"opacity", "transform"}


def test_colours_are_those_of_the_tokens() -> None:
    lines = [line for line in SHEET.splitlines() if not line.startswith((".tint-", "/*"))]
    assert not re.search(r":[^;{]*#[0-9a-f]{3,8}\b", "\n".join(lines), re.IGNORECASE)


def test_a_person_has_the_same_colour_on_a_screen_as_on_a_page() -> None:
    tint = re.compile(r"\.(tint-\d) \{ background: (#[0-9a-f]{6})")
    on_pages = dict(tint.findall((DIRECTORY / "fanfare.css").read_text()))
    assert len(on_pages) == 10
    assert dict(tint.findall(SHEET)) == on_pages


def test_a_picture_holds_no_style_or_script_of_its_own(pages: dict[str, str]) -> None:
    for body in pages.values():
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)", stage(body))
