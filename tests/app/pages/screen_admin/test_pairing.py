"""Pairing and adding screens, and what an administrator does with one."""

from __future__ import annotations

import asyncio
import re

from litestar import Litestar
from redis.asyncio import Redis

from app.live.screens import screen_topic
from app.live.topics import topic_versions
from app.screens.pairing import TYPED_PER_PERSON
from app.screens.screens import key_of
from tests.app.pages.company import Company
from tests.app.pages.conftest import SECRET, As
from tests.app.pages.screen_admin.conftest import FIELDS, Desk, beside


async def test_a_typed_code_makes_a_screen_with_what_was_set(desk: Desk) -> None:
    answer = await desk.pair(
        name="Canteen, left", audience="public", look="day", language="de",
        rests_from="20:00", rests_until="06:30",
    )  # fmt: skip
    assert answer.status_code == 303
    (screen,) = await desk.screens()
    assert screen.setting.name == "Canteen, left"
    assert (screen.setting.audience, screen.setting.look, screen.setting.language) == (
        "public", "day", "de",
    )  # fmt: skip
    assert f"{screen.setting.rests_until:%H:%M}" == "06:30"
    html = await desk.page(answer.headers["location"])
    assert "Canteen, left" in html
    assert key_of(SECRET, screen.id) not in html


async def test_a_code_of_a_qr_stands_in_the_form_and_still_needs_the_button(desk: Desk) -> None:
    html = await desk.page("/admin/screens/pair?code=ACD349")
    assert 'value="ACD349"' in html
    assert await desk.screens() == []
    # Anybody can send such an address with the code of a browser of their own.
    warning = "Pair only a television that you see"
    assert warning in html
    assert warning not in await desk.page("/admin/screens/pair")


async def test_a_wrong_a_used_and_an_old_code_are_told_alike_and_nothing_typed_is_lost(
    desk: Desk,
) -> None:
    used = await desk.pair(name="Lobby")
    code = "ACDEFG"
    said = set()
    for typed in (code, "zz", "<b>", "x" * 5_000):
        answer = await desk.send(
            "/admin/screens/pair", {**FIELDS, "code": typed, "name": "Kept as typed"}
        )
        assert answer.status_code == 422
        assert "Kept as typed" in answer.text
        said.add(beside(answer.text, "code"))
    assert len(said) == 2  # the longest is none that anybody would read
    assert any("No screen shows this code" in (words or "") for words in said)
    assert used.status_code == 303
    assert len(await desk.screens()) == 1


async def test_who_guesses_codes_is_stopped_in_words(desk: Desk) -> None:
    for _ in range(TYPED_PER_PERSON):
        await desk.send("/admin/screens/pair", {**FIELDS, "code": "ACDEFG"})
    answer = await desk.pair()
    assert answer.status_code == 422
    assert "Too many tries" in (beside(answer.text, "code") or "")
    assert await desk.screens() == []


async def test_a_double_click_pairs_one_screen_and_both_lead_to_it(desk: Desk) -> None:
    token = {**FIELDS, "code": ""}
    first = await desk.pair()
    again = await desk.send("/admin/screens/pair", {**token, "code": "ACDEFG"})
    assert again.status_code == 303
    assert again.headers["location"] == first.headers["location"]
    both = await asyncio.gather(
        *(desk.send("/admin/screens/add", {**FIELDS, "name": "Foyer"}) for _ in range(2))
    )
    assert [one.status_code for one in both] == [201, 201] or all(one.is_success for one in both)
    assert [one.setting.name for one in await desk.screens()] == ["Canteen", "Foyer"]


async def test_each_wrong_field_is_told_beside_it(desk: Desk) -> None:
    answer = await desk.send(
        "/admin/screens/pair",
        {
            "code": "ACDEFG", "name": "n" * 5_000, "place": "\x00", "audience": "everyone",
            "playlist": "99", "language": "xx", "look": "neon", "rests_from": "25:00",
            "rests_until": "",
        },
    )  # fmt: skip
    assert answer.status_code == 422
    for name in ("name", "place", "audience", "playlist", "language", "look", "rests_from"):
        assert beside(answer.text, name), name
    half = await desk.pair(rests_from="20:00")
    assert "both times" in (beside(half.text, "rests_until") or "")
    same = await desk.pair(rests_from="20:00", rests_until="20:00")
    assert beside(same.text, "rests_until")
    assert await desk.screens() == []


async def test_markup_in_a_name_stays_text(desk: Desk) -> None:
    await desk.screen(name="<script>alert(1)</script>", place='"><img src=x>')
    for path in ("/admin/screens", "/admin/screens/1", "/admin/screens/pair"):
        html = await desk.page(path)
        assert "<script>alert" not in html
        assert "<img src=x>" not in html


async def test_an_address_is_shown_when_it_is_asked_for_and_that_is_recorded(desk: Desk) -> None:
    screen_id = await desk.screen()
    key = key_of(SECRET, screen_id)
    assert key not in await desk.page(f"/admin/screens/{screen_id}")
    shown = await desk.send(f"/admin/screens/{screen_id}/address")
    assert f"/screens/{key}" in shown.text
    noted = await desk.connection.fetch(
        """select person_id, subject, detail::text from audit
           where action = 'screen_address_shown'"""
    )
    assert [(row["person_id"], row["subject"]) for row in noted] == [
        (desk.person_id, f"screen:{screen_id}")
    ]
    assert all(key not in row["detail"] for row in noted)
    added = await desk.send("/admin/screens/add", {**FIELDS, "name": "Foyer"})
    assert f"/screens/{key_of(SECRET, screen_id + 1)}" in added.text


async def test_saved_settings_a_reload_and_a_revoke_reach_the_screen(desk: Desk) -> None:
    screen_id = await desk.screen()
    topic = screen_topic(screen_id)
    versions = [(await topic_versions(desk.redis, [topic]))[topic]]
    for path, values in (
        ("", {**FIELDS, "name": "Canteen, right"}), ("/reload", {}), ("/revoke", {}), ("/revoke", {}),
    ):  # fmt: skip
        answer = await desk.send(f"/admin/screens/{screen_id}{path}", values)
        assert answer.status_code == 303, answer.text
        versions.append((await topic_versions(desk.redis, [topic]))[topic])
    assert versions[:4] == sorted(set(versions[:4]))
    assert await desk.screens() == []
    assert (await desk.browser.get(f"/admin/screens/{screen_id}")).status_code == 404
    changes = await desk.connection.fetchval("select count(*) from screen_change")
    assert changes == 2


async def test_revoking_asks_once_more_and_says_what_happens(desk: Desk) -> None:
    screen_id = await desk.screen()
    html = await desk.page(f"/admin/screens/{screen_id}/revoke")
    assert "cannot be undone" in html
    assert len(await desk.screens()) == 1


async def test_only_administrators_open_any_of_it(
    application: Litestar, desk: Desk, company: Company, signed_in: As
) -> None:
    for role in (None, "hr", "leader", "communications"):
        client = await signed_in(await company.person(f"Rae of {role}", role=role))
        for route in application.routes:
            if route.path.startswith("/admin/screens") and "GET" in getattr(route, "methods", ()):
                path = re.sub(r"\{\w+:int\}", "1", route.path)
                assert (await client.get(path)).status_code == 403, path


async def test_a_key_is_taken_away_also_while_redis_is_away(
    desk: Desk, application: Litestar
) -> None:
    screen_id = await desk.screen()
    path = f"/admin/screens/{screen_id}/revoke"
    token = re.search(r'name="_csrf_token" value="([^"]+)"', await desk.page(path))
    assert token
    application.state.redis = Redis.from_url("redis://127.0.0.1:1/0")
    answer = await desk.browser.post(path, data={"_csrf_token": token[1]})
    await application.state.redis.aclose()
    application.state.redis = desk.redis
    assert answer.status_code == 303
    assert await desk.screens() == []
