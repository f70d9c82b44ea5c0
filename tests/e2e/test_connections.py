"""Connections in a browser: live from nothing to received, readable for everybody, without script too."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import expect

from scoring import platforms
from tests.e2e.barriers import barriers
from tests.e2e.conftest import Visit
from tests.e2e.world import World

HERE = "/admin/connections"


def test_every_connection_is_readable_for_everybody(visit: Visit) -> None:
    page = visit(HERE, "administrator")
    found = []
    for path in (HERE, *(f"{HERE}/{name}" for name in platforms())):
        page.goto(path)
        found += barriers(page, unfolded=True)
    assert not found, "\n".join(found)
    # On a phone what comes first for the eye comes first by keyboard.
    page.set_viewport_size({"width": 360, "height": 740})
    tops = page.locator("main h2:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert len(tops) > 4
    assert tops == sorted(tops)


def test_what_comes_shows_by_itself_while_the_page_is_open(
    visit: Visit, installation: World
) -> None:
    page = visit(f"{HERE}/standard", "administrator")
    live = page.locator("#connection-live")
    settings = page.locator("ul.values").first
    read = settings.inner_text()
    # Sooner than the slow look every ten seconds: the signal did it.
    with page.expect_response(lambda answer: answer.url.endswith("/standard")):
        address = f"{installation.address}/webhooks/standard"
        assert httpx.post(address, content=b"{}").status_code == 401
    expect(live.get_by_role("status")).to_have_text(
        re.compile("Something came and was refused: webhook-id, .* is missing")
    )
    author = {"id": "guide-1", "author": "e-42", "text": "Our pump is out"}
    installation.tell("post.published", author)
    expect(live.get_by_role("status")).to_contain_text("Received.")
    expect(live).to_contain_text("“e-42” posted.")
    assert settings.inner_text() == read  # the rest stays as it was
    page.wait_for_timeout(1_500)  # what was used is written once a second
    page.reload()
    expect(page.get_by_text("used last just now")).to_be_visible()


def test_without_script_an_administrator_sets_up_decides_and_tries_again(
    visit: Visit, installation: World
) -> None:
    page = visit(f"{HERE}/mastodon", "administrator", scripts=False)
    expect(page.get_by_text("From nothing to the first event")).to_be_visible()
    expect(page.get_by_text(f"{installation.address}/webhooks/mastodon").first).to_be_visible()
    page.get_by_text("Decide otherwise").click()
    page.get_by_text("Recognition only", exact=False).last.click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Say why: the reason stays on record.")).to_be_visible()
    page.get_by_label("Why").fill("The works council asked")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided otherwise by")).to_contain_text("The works council asked")
    page.get_by_text("Decide otherwise").click()
    page.get_by_text("As the network’s rules say").click()
    page.get_by_label("Why").fill("It was a trial")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided otherwise by")).to_have_count(0)
