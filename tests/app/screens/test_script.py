"""What a television's script does by itself as time passes, in a real browser whose clock is turned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from app.announcing.frame import Frame
from app.assets import DIRECTORY
from tests.app.screens import gallery
from tests.app.screens.test_look import stage
from tests.chromium import ARGUMENTS, executable

SITE = "https://gallery.example"
expect.set_options(timeout=30_000)
LIVE = f"{SITE}/live?board=screens,people,screen:1"
# The browser's own stream, whose signals a test sends.
STREAM = """window.EventSource = class extends EventTarget {
  static CLOSED = 2;
  constructor(url) { super(); this.url = url; this.readyState = 1; window.stream = this; }
  close() { this.readyState = 2; }
};"""


@dataclass
class Server:
    """What answers the television; nothing is ever signalled."""

    name: str  # of the gallery's picture that it shows
    next_at: str = ""
    asked: list[str] = field(default_factory=list)
    away: bool = False

    def answer(self, route: Any) -> None:
        """Answer a request."""
        url = route.request.url
        body = self._page()
        if url.endswith("/settled"):
            route.fulfill(body="yes")
        elif "/now?" in url:
            self.asked.append(url)
            if self.away:
                route.abort()
                return
            route.fulfill(content_type="text/html", body=stage(body), headers={"ETag": '"1"'})
        elif "/live?" in url:
            route.abort()
        elif url.endswith("/screen.js"):
            script = (DIRECTORY / "screen.js").read_text()
            route.fulfill(content_type="text/javascript", body=script)
        else:
            gallery.fulfil(route, {self.name: body})

    def _page(self) -> str:
        (picture,) = [one for one in gallery.pictures() if one.name == self.name]
        body = gallery.page(gallery.environment(), picture)
        told = f'data-what="{picture.showing.what}" data-next-at="{self.next_at}"'
        return body.replace('data-live=""', f'data-live="{LIVE}"').replace(
            f'data-what="{picture.showing.what}"', told
        )


@pytest.fixture
def tab() -> Iterator[Page]:
    """A television whose clock stands at the gallery's moment, and goes on where a test lets it."""
    with sync_playwright() as playwright:
        arguments = [argument for argument in ARGUMENTS if argument != "--headless"]
        browser = playwright.chromium.launch(executable_path=executable(), args=arguments)
        context = browser.new_context(reduced_motion="reduce", service_workers="block")
        page = context.new_page()
        page.clock.install(time=gallery.NOW)
        page.clock.pause_at(gallery.NOW + timedelta(seconds=1))
        yield page
        browser.close()


def switched_on(tab: Page, server: Server) -> None:
    """Open the screen, until it has asked once."""
    tab.route("**/*", server.answer)
    with tab.expect_response("**/now?**"):
        tab.goto(f"{SITE}/{server.name}")
        tab.clock.run_for(1000)
    expect(tab.locator("#away")).to_be_hidden()


def passes(tab: Page, server: Server, seconds: int) -> int:
    """Let time pass; how often it asked in it."""
    before = len(server.asked)
    tab.clock.run_for(seconds * 1000)
    answered(tab)
    return len(server.asked) - before


def answered(tab: Page) -> None:
    """Wait until what the page has asked by now is answered, however busy the machine is.

    The browser sends in order: when a request that follows is answered, the ones before it are, too.
    """
    for _ in range(2):  # an answer may make the page ask once more
        tab.evaluate("fetch('/settled').then(answer => answer.text())")
    tab.wait_for_timeout(100)


def test_a_step_whose_signal_was_lost_is_looked_for_and_a_slide_is_left_in_peace(tab: Page) -> None:
    (reveal,) = [one for one in gallery.pictures() if one.name == "headline"]
    assert isinstance(reveal.showing.frame, Frame)
    half_an_hour = (gallery.NOW + timedelta(minutes=30)).isoformat()
    server = Server("headline", half_an_hour)
    switched_on(tab, server)
    assert passes(tab, server, 16) == 1
    assert "onward=0" in server.asked[-1]

    tab.unroute("**/*")
    other = Server("note", half_an_hour)
    switched_on(tab, other)
    assert passes(tab, other, 60) == 0


def test_nothing_burns_in(tab: Page) -> None:
    server = Server("note", (gallery.NOW + timedelta(minutes=30)).isoformat())
    switched_on(tab, server)
    stands = "document.getElementById('frame').style.transform"
    places = set()
    for _ in range(6):
        tab.clock.run_for(120_000)
        places.add(tab.evaluate(stands))
    assert len(places) == 6
    assert all("translate(" in place for place in places)


def signalled(tab: Page, *topics: str) -> None:
    """Signals come."""
    for topic in topics:
        tab.evaluate("topic => window.stream.dispatchEvent(new Event(topic))", topic)


def test_who_saves_a_display_delays_no_step_and_makes_no_screen_ask_at_once_nor_never(
    tab: Page,
) -> None:
    tab.add_init_script(STREAM)
    server = Server("note", (gallery.NOW + timedelta(minutes=30)).isoformat())
    switched_on(tab, server)
    passes(tab, server, 5)
    # A tap is seen within half a second, whatever was signalled before, meanwhile and after.
    signalled(tab, "people", "screens", "people")
    tab.clock.run_for(450)
    answered(tab)
    assert "onward=0" in server.asked[-1]
    before = len(server.asked)
    assert passes(tab, server, 4) <= 1
    signalled(tab, "people")
    tab.clock.run_for(190)
    answered(tab)
    assert len(server.asked) - before <= 1
    # Signals that go on and on put off nothing for ever.
    seen = 0
    for _ in range(12):
        signalled(tab, "people")
        seen += passes(tab, server, 1)
    assert 3 <= seen <= 13


def test_a_page_that_was_kept_counts_down_by_the_devices_clock_while_nobody_answers(
    tab: Page,
) -> None:
    later = gallery.NOW + timedelta(hours=3)
    tab.clock.set_system_time(later)
    server = Server("headline", (gallery.NOW + timedelta(seconds=20)).isoformat(), away=True)
    tab.route("**/*", server.answer)
    tab.goto(f"{SITE}/{server.name}")
    left = "[...document.querySelectorAll('time[data-left]')].map(one => one.textContent)"
    written = tab.evaluate(left)
    passes(tab, server, 3)
    expect(tab.locator("#away")).to_be_visible()
    assert written
    assert all(now != then for now, then in zip(tab.evaluate(left), written, strict=True))
    assert all("onward=0" in asked for asked in server.asked)
