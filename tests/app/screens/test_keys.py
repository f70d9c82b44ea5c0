"""A key opens its screen and nothing else, and is nowhere to be read."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlsplit

import asyncpg
import pytest
import structlog
from litestar import Litestar

from app.live.leave import leave_ends_at, needing_leave
from app.live.request import wanted
from app.pages.screens import stages
from app.pages.screens.television import WRONG_KEYS
from app.screens.key import fingerprint, is_key, key_of, without_key
from app.screens.playlist import Playlist, Slide
from app.screens.playlists import save_playlist
from app.screens.screens import revoke_screen, screen_by_key
from app.screens.setting import Setting
from tests.app.pages.company import Company
from tests.app.screens.conftest import SECRET, Hang, Television

WRONG = "a" * 32
KNOWN_S = 0.12  # after that, whatever was revoked or set is known


def test_a_key_is_160_bits_that_only_this_installation_can_make() -> None:
    assert is_key(key_of(SECRET, 1))
    assert len({key_of(SECRET, number) for number in range(1000)}) == 1000
    assert key_of(SECRET, 1) != key_of(SECRET + "!", 1)


@pytest.mark.parametrize(
    "text",
    ["/screens/{key}", "/screens/{key}/now?shown=a", "got http://x/screens/{key}/pictures/3 wrong"],
)
def test_no_text_on_its_way_to_the_log_keeps_a_key(text: str) -> None:
    key = key_of(SECRET, 1)
    assert without_key(text.format(key=key)) == text.format(key="…")
    assert (
        without_key("/screens/pairing /screens/worker.js") == "/screens/pairing /screens/worker.js"
    )


async def test_no_table_holds_a_key(connection: asyncpg.Connection, hang: Hang) -> None:
    _, key = await hang()
    row = await connection.fetchrow("select * from screen")
    audit = await connection.fetch("select * from audit")
    assert row["key_sha256"] == fingerprint(key)
    assert audit
    assert key not in repr([tuple(one.values()) for one in (row, *audit)])


async def test_nobody_has_a_key_said_on_the_wall_by_writing_where_it_would_stand(
    connection: asyncpg.Connection, television: Television, hang: Hang
) -> None:
    tried = "/screens/KEY /screens/{{ key }} /screens/…"
    note = Slide("a", "note", {"heading": tried, "text": tried})
    playlist = Playlist("Notes", (note,))
    list_id = await save_playlist(connection, None, playlist, None, datetime.now(UTC))
    _, key = await hang(playlist=list_id)
    tv = await television()
    shown = await tv.get(f"/screens/{key}/now")
    assert tried in shown.text
    assert key not in shown.text
    assert len(stages.MARK) > 40


async def test_a_key_opens_its_screen_without_a_session(television: Television, hang: Hang) -> None:
    _, key = await hang(name="Canteen, left of the door")
    tv = await television()
    page = await tv.get(f"/screens/{key}")
    assert page.status_code == 200
    assert "Canteen, left of the door" in page.text
    assert "fanfare_session" not in page.headers["set-cookie"]
    assert "fanfare_form" not in page.headers["set-cookie"]
    for answer in (page, await tv.get(f"/screens/{key}/now")):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_screen_may_watch_itself_and_what_is_for_all_screens_whatever_it_shows(
    television: Television, hang: Hang
) -> None:
    screen, key = await hang()
    text = (await (await television()).get(f"/screens/{key}")).text
    (address,) = re.findall(r'data-live="([^"]+)"', text)
    # As its script asks: what the picture shows is added to the end.
    query = urlsplit(unescape(f"{address},contest:12,points:week:2026-11-16:all")).query
    asked = wanted(query.encode(), None)
    assert needing_leave(asked.events) == ("people", f"screen:{screen.id}", "screens")
    now = datetime.now(UTC)
    assert leave_ends_at(SECRET, asked.events, asked.leave, now) is not None
    assert leave_ends_at(SECRET, [*asked.events, "connection:x"], asked.leave, now) is None


async def test_a_key_opens_nothing_else(television: Television, hang: Hang) -> None:
    _, key = await hang()
    stranger, tv = await television(), await television()
    await tv.get(f"/screens/{key}")
    assert "fanfare_screen" in tv.cookies
    tv.cookies.set("fanfare_session", key)
    paths = ("/", "/contests", "/me", "/admin/screens", "/hr/contests", "/api/v1/people", "/wall")
    for path in paths:
        plain = await stranger.get(path)
        with_key = await tv.get(path, headers={"Authorization": f"Bearer {key}"})
        assert (with_key.status_code, with_key.headers.get("location")) == (
            plain.status_code,
            plain.headers.get("location"),
        )
        assert (await tv.get(f"{path.rstrip('/')}/{key}")).status_code in (303, 404)


async def test_a_key_only_reads(television: Television, hang: Hang) -> None:
    _, key = await hang()
    tv = await television()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (f"/screens/{key}", f"/screens/{key}/now", "/screens"):
            assert (await tv.request(method, path)).status_code == 405


async def test_who_is_signed_in_is_nobody_at_a_screen(
    television: Television, hang: Hang, company: Company, connection: asyncpg.Connection
) -> None:
    person = await company.person("Maya Kapoor")
    _, key = await hang()
    browser = await television()
    await browser.get(await company.way_in(person))
    assert "fanfare_session" in browser.cookies
    page = await browser.get(f"/screens/{key}")
    stranger = await (await television()).get(f"/screens/{key}")
    assert "Maya" not in page.text
    assert page.headers.get_list("set-cookie") == stranger.headers.get_list("set-cookie")
    assert (await browser.get(f"/screens/{WRONG}")).status_code == 404


async def test_a_wrong_key_is_a_calm_page_that_goes_to_the_door(
    television: Television, hang: Hang
) -> None:
    await hang()
    tv = await television()
    for wrong in (WRONG, "A" * 32, "x", "ä" * 32, "a" * 31, "a" * 33, "%00" * 8, "' or 1=1 --"):
        page = await tv.get(f"/screens/{wrong}")
        assert page.status_code == 404
        assert "No screen has this address" in page.text
        assert "url=/screens" in page.text
        assert (await tv.get(f"/screens/{wrong}/now")).status_code == 404
        assert (await tv.get(f"/screens/{wrong}/pictures/1")).status_code == 404


async def test_who_guesses_keys_is_stopped_and_screens_behind_the_same_address_go_on(
    television: Television, hang: Hang
) -> None:
    _, key = await hang()
    tv = await television()
    answers = [(await tv.get(f"/screens/{WRONG}/now")).status_code for _ in range(WRONG_KEYS + 1)]
    assert answers == [404] * WRONG_KEYS + [429]
    assert (await tv.get(f"/screens/{key}/now")).status_code == 200


async def test_a_revoked_screen_goes_back_to_the_door_within_a_second(
    television: Television, hang: Hang, connection: asyncpg.Connection
) -> None:
    screen, key = await hang()
    tv = await television()
    assert (await tv.get(f"/screens/{key}")).status_code == 200
    await revoke_screen(connection, screen.id, None, datetime.now(UTC))
    await asyncio.sleep(KNOWN_S)
    page = await tv.get(f"/screens/{key}")
    assert (page.status_code, page.headers["location"]) == (303, "/screens")
    assert (await tv.get(f"/screens/{key}/now")).status_code == 410
    assert (await tv.get(f"/screens/{key}/pictures/1")).status_code == 303
    assert await screen_by_key(connection, key) is None
    # And from the door to a code, not back: there is no circle.
    tv.cookies.set("fanfare_screen", key, path="/screens")
    door = await tv.get("/screens")
    assert door.status_code == 200
    assert "letters" in door.text


async def test_an_error_at_a_screen_is_a_calm_page_and_a_line_without_the_key(
    television: Television, hang: Hang, application: Litestar
) -> None:
    _, key = await hang()
    tv = await television()
    pool = application.state.pool
    await asyncio.sleep(KNOWN_S)
    with structlog.testing.capture_logs() as lines:
        await pool.expire_connections()
        pool.terminate()  # the database is away
        page = await tv.get(f"/screens/{key}")
        now = await tv.get(f"/screens/{key}/now")
    assert (page.status_code, now.status_code) == (503, 503)
    assert "comes back by itself" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert lines
    assert key not in repr(lines)
    assert all("/screens/…" in line["path"] for line in lines)


def test_a_setting_is_public_until_somebody_says_otherwise() -> None:
    assert Setting("Canteen").audience == "public"
