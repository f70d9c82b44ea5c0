"""Playlists: made, written, ordered, copied, removed; and two people at one list."""

from __future__ import annotations

import asyncio

import msgspec

from app.live.screens import SCREENS
from app.live.topics import topic_versions
from app.screens.playlist import STANDARD, Playlist
from app.screens.playlists import playlist_by_id, playlists
from app.screens.slides import slide_kinds
from tests.app.pages.screen_admin.conftest import Desk, beside, fields_of

HERE = "/admin/screens/playlists"


def having(fields: list[tuple[str, str]], **changed: str) -> list[tuple[str, str]]:
    """A form with other values; names are written with `_` for `:`."""
    other = {name.replace("_", ":"): value for name, value in changed.items()}
    kept = [(name, other.pop(name, value)) for name, value in fields]
    return [*kept, *other.items()]


async def saved(desk: Desk, playlist_id: int) -> Playlist:
    return (await playlist_by_id(desk.connection, playlist_id)).playlist


async def test_a_list_begins_as_a_copy_of_the_standard_one_and_saves_what_the_page_shows(
    desk: Desk,
) -> None:
    playlist_id = await desk.playlist()
    fields = fields_of(await desk.page(f"{HERE}/{playlist_id}"))
    answer = await desk.send(f"{HERE}/{playlist_id}", [*fields, ("do", "save")])
    assert answer.status_code == 303, answer.text
    kept = await saved(desk, playlist_id)
    assert [slide.kind for slide in kept.slides] == [slide.kind for slide in STANDARD.slides]
    assert [slide.seconds for slide in kept.slides] == [slide.seconds for slide in STANDARD.slides]


async def test_what_is_chosen_for_a_slide_is_kept(desk: Desk) -> None:
    playlist_id = await desk.playlist()
    fields = fields_of(await desk.page(f"{HERE}/{playlist_id}"))
    before = (await topic_versions(desk.redis, [SCREENS]))[SCREENS]
    changed = having(
        fields, name="Foyer", week_seconds="40", week_places="Lisbon, Porto; Berlin, 2nd floor",
        week_since="08:00", week_until="18:30", week_day1="yes", week_day5="yes",
    )  # fmt: skip
    answer = await desk.send(f"{HERE}/{playlist_id}", changed)
    assert answer.status_code == 303, answer.text
    kept = await saved(desk, playlist_id)
    slide = kept.slides[0]
    assert (kept.name, slide.seconds, slide.weekdays) == ("Foyer", 40, (1, 5))
    assert slide.places == ("Lisbon", "Porto", "Berlin", "2nd floor")
    assert (f"{slide.since:%H:%M}", f"{slide.until:%H:%M}") == ("08:00", "18:30")
    assert (await topic_versions(desk.redis, [SCREENS]))[SCREENS] > before
    html = await desk.page(f"{HERE}/{playlist_id}")
    assert "Mon, Fri" in html
    assert "no screen is there" in html


async def test_buttons_order_remove_and_add_without_saving_and_keep_what_was_typed(
    desk: Desk,
) -> None:
    playlist_id = await desk.playlist()
    path = f"{HERE}/{playlist_id}"
    fields = having(fields_of(await desk.page(path)), name="Typed, not saved")
    keys = [value for name, value in fields if name == "slide"]
    for do, order in (
        (f"up:{keys[1]}", [keys[1], keys[0], *keys[2:]]),
        (f"down:{keys[0]}", [keys[1], keys[0], *keys[2:]]),
        (f"up:{keys[0]}", keys),
        (f"down:{keys[-1]}", keys),
        (f"remove:{keys[2]}", [*keys[:2], *keys[3:]]),
    ):
        for htmx in (None, "playlist-form"):
            answer = await desk.send(path, [*fields, ("do", do)], htmx=htmx)
            assert answer.status_code == 200
            now = fields_of(answer.text)
            assert [value for name, value in now if name == "slide"] == order, do
            assert ("name", "Typed, not saved") in now
            assert "Not saved yet" in answer.text
            assert answer.text.lstrip().startswith("<div id") is (htmx is not None)
    for kind in slide_kinds():
        answer = await desk.send(path, [*fields, ("do", f"add:{kind}")])
        now = fields_of(answer.text)
        added = [value for name, value in now if name == "slide"][-1]
        assert added not in keys
        assert (f"{added}:kind", kind) in now
    assert (await saved(desk, playlist_id)).slides == STANDARD.slides


async def test_the_order_that_is_sent_is_the_order_that_is_kept(desk: Desk) -> None:
    playlist_id = await desk.playlist()
    path = f"{HERE}/{playlist_id}"
    fields = fields_of(await desk.page(path))
    keys = [value for name, value in fields if name == "slide"][::-1]
    turned = [*(one for one in fields if one[0] != "slide"), *(("slide", key) for key in keys)]
    assert (await desk.send(path, turned)).status_code == 303
    assert [slide.key for slide in (await saved(desk, playlist_id)).slides] == keys


async def test_who_saves_upon_an_older_version_is_told_and_loses_nothing(desk: Desk) -> None:
    playlist_id = await desk.playlist()
    path = f"{HERE}/{playlist_id}"
    fields = fields_of(await desk.page(path))
    assert (await desk.send(path, having(fields, name="Hers"))).status_code == 303
    his = await desk.send(path, having(fields, name="His", week_seconds="33"))
    assert his.status_code == 409
    assert "Not saved." in his.text
    assert (await saved(desk, playlist_id)).name == "Hers"
    kept = fields_of(his.text)
    assert ("name", "His") in kept
    assert ("week:seconds", "33") in kept
    assert (await desk.send(path, kept)).status_code == 303
    assert (await saved(desk, playlist_id)).name == "His"


async def test_of_two_who_save_at_once_one_is_told(desk: Desk) -> None:
    playlist_id = await desk.playlist()
    path = f"{HERE}/{playlist_id}"
    fields = fields_of(await desk.page(path))
    answers = await asyncio.gather(
        *(desk.send(path, having(fields, name=name)) for name in ("Hers", "His"))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]


async def test_a_double_click_saves_once_and_makes_one_list(desk: Desk) -> None:
    both = await asyncio.gather(
        *(desk.send(HERE, {"name": "Canteen", "from": "standard"}) for _ in range(2))
    )
    assert [answer.status_code for answer in both] == [303, 303]
    (one,) = await playlists(desk.connection)
    path = f"{HERE}/{one.id}"
    fields = having(fields_of(await desk.page(path)), name="Foyer")
    answers = await asyncio.gather(*(desk.send(path, fields) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    versions = await desk.connection.fetchval("select count(*) from playlist_version")
    assert versions == 2


async def test_what_is_wrong_with_a_slide_stands_beside_its_field(desk: Desk) -> None:
    playlist_id = await desk.playlist()
    path = f"{HERE}/{playlist_id}"
    fields = fields_of(await desk.page(path))
    answer = await desk.send(
        path,
        having(
            fields, week_seconds="4", run_seconds="x", share_since="08:00", share_until="08:00",
            won_places="p" * 5_000, next_kind="no-such-kind",
            month_option_metric="<script>alert(1)</script>",
        ),
    )  # fmt: skip
    assert answer.status_code == 422
    for id in ("week-seconds", "run-seconds", "share-until", "won-places", "month-option-metric"):
        assert beside(answer.text, id), id
    assert "no such kind of slide" in answer.text
    assert "<script>alert" not in answer.text
    assert "p" * 5_000 in answer.text
    assert (await saved(desk, playlist_id)).slides == STANDARD.slides


async def test_a_note_of_5000_characters_is_refused_and_kept_in_the_form(desk: Desk) -> None:
    playlist_id = await desk.playlist(begun="nothing")
    path = f"{HERE}/{playlist_id}"
    text = "<b>&amp; " + "ü" * 4_990
    form = [
        ("name", "n" * 5_000), ("slide", "a"), ("a:kind", "note"), ("a:seconds", "20"),
        ("a:option:heading", text), ("a:option:text", f"{text}\n{text}"), ("a:option:none", "x"),
    ]  # fmt: skip
    answer = await desk.send(path, form)
    assert answer.status_code == 422
    assert "at most" in (beside(answer.text, "name") or "")
    assert beside(answer.text, "a-option-heading")
    assert beside(answer.text, "a-option-text")
    assert "<b>" not in answer.text.split('id="slides-form"')[1].split("</form>")[0].replace(
        "<b>A note</b>", ""
    ).replace("<b>", "", answer.text.count('<button type="submit" id="add-'))
    assert ("a:option:heading", text) in fields_of(answer.text)


async def test_an_option_that_is_none_is_not_kept(desk: Desk) -> None:
    playlist_id = await desk.playlist(begun="nothing")
    form = [
        ("name", "Notes"), ("revision", ""), ("slide", "a"), ("slide", "a"), ("slide", "../b"),
        ("a:kind", "note"), ("a:seconds", "20"), ("a:option:heading", "Hello"), ("a:option:evil", "x"),
    ]  # fmt: skip
    path = f"{HERE}/{playlist_id}"
    told = await desk.send(path, form)
    assert told.status_code == 409
    assert (await desk.send(path, fields_of(told.text))).status_code == 303
    (slide,) = (await saved(desk, playlist_id)).slides
    assert slide.options == {"heading": "Hello", "text": ""}


async def test_there_are_at_most_60_slides(desk: Desk) -> None:
    playlist_id = await desk.playlist(begun="nothing")
    path = f"{HERE}/{playlist_id}"
    fields = fields_of(await desk.page(path))
    for number in range(60):
        fields += [
            ("slide", f"n{number}"),
            (f"n{number}:kind", "note"),
            (f"n{number}:seconds", "9"),
        ]
    assert (await desk.send(path, fields)).status_code == 303
    full = fields_of(await desk.page(path))
    added = await desk.send(path, [*full, ("do", "add:note")])
    assert "at most 60" in (beside(added.text, "slides") or "")
    one_more = [("slide", "more"), ("more:kind", "note"), ("more:seconds", "9")]
    refused = await desk.send(path, [*full, *one_more])
    assert refused.status_code == 422
    assert "at most 60" in (beside(refused.text, "slides") or "")
    assert len((await saved(desk, playlist_id)).slides) == 60


async def test_a_copy_has_its_own_name_and_the_original_stays(desk: Desk) -> None:
    first = await desk.playlist("Canteen")
    second = await desk.playlist("Foyer", str(first))
    assert (await saved(desk, second)).slides == (await saved(desk, first)).slides
    await desk.connection.execute("select 1")
    taken = await desk.send(HERE, {"name": " ", "from": "standard"})
    assert beside(taken.text, "name")
    nowhere = await desk.send(HERE, {"name": "Other", "from": "99"})
    assert nowhere.status_code == 422
    assert beside(nowhere.text, "from")
    path = f"{HERE}/{second}"
    named = having(fields_of(await desk.page(path)), name="CANTEEN")
    assert "a playlist of this name" in (beside((await desk.send(path, named)).text, "name") or "")


async def test_a_removed_list_leaves_its_screens_the_standard_one(desk: Desk) -> None:
    playlist_id = await desk.playlist("Foyer list")
    screen_id = await desk.screen(playlist=str(playlist_id))
    assert "1 screen plays it" in await desk.page(f"{HERE}/{playlist_id}")
    for _ in range(2):
        assert (await desk.send(f"{HERE}/{playlist_id}/remove")).status_code == 303
    assert "Foyer list" not in await desk.page("/admin/screens")
    assert "Canteen" in await desk.page(f"{HERE}/standard")
    html = await desk.page(f"/admin/screens/{screen_id}")
    assert "Foyer list" not in html
    assert (await desk.browser.get(f"{HERE}/{playlist_id}")).status_code == 404


async def test_the_standard_list_is_shown_and_cannot_be_changed(desk: Desk) -> None:
    html = await desk.page(f"{HERE}/standard")
    assert "Leaderboard" in html
    assert (await desk.send(f"{HERE}/standard", {"name": "Mine"})).status_code in (404, 405)


async def test_every_slide_can_be_looked_at_as_staff_and_public_and_is_no_contact(
    desk: Desk,
) -> None:
    screen_id = await desk.screen(audience="public", language="de")
    begun = await desk.browser.get(f"/admin/screens/{screen_id}/preview")
    assert begun.status_code == 303
    assert "audience=public" in begun.headers["location"]
    for slide in STANDARD.slides:
        for audience in ("staff", "public"):
            about = f"list=standard&slide={slide.key}&audience={audience}&language=fr&look=day"
            assert "<iframe" in await desk.page(f"/admin/screens/preview?{about}&shape=upright")
            picture = await desk.browser.get(f"/admin/screens/preview/picture?{about}")
            assert picture.status_code == 200
            assert 'id="stage"' in picture.text
            assert "<script" not in picture.text
            assert "frame-ancestors 'self'" in picture.headers["content-security-policy"]
    for odd in ("list=99", "list=x%00", "list=" + "9" * 40):
        assert (await desk.browser.get(f"/admin/screens/preview?{odd}")).status_code == 404
    assert await desk.redis.hlen("fanfare:screens:contacts") == 0


async def test_a_list_survives_a_kind_that_is_gone(desk: Desk) -> None:
    playlist_id = await desk.playlist(begun="nothing")
    old = {"name": "Old", "slides": [{"key": "a", "kind": "gone"}]}
    await desk.connection.execute(
        """insert into playlist_version (playlist_id, body, person_id, recorded_at)
           values ($1, $2::jsonb, $3, now())""",
        playlist_id, msgspec.json.encode(old).decode(), desk.person_id,
    )  # fmt: skip
    html = await desk.page(f"{HERE}/{playlist_id}")
    assert "Unknown slide" in html
    assert "Unknown slide" in await desk.page(f"/admin/screens/preview?list={playlist_id}")
    answer = await desk.send(f"{HERE}/{playlist_id}", [*fields_of(html), ("do", "remove:a")])
    assert (await desk.send(f"{HERE}/{playlist_id}", fields_of(answer.text))).status_code == 303
