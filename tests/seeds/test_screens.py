"""The demo's team screens are there from the beginning, once, and each has its own address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from app.screens.key import key_of
from app.screens.pictures import pictures
from app.screens.playlists import playlists
from app.screens.screens import screen_by_key, screens
from app.screens.slides import slide_kinds
from app.settings import Settings
from seeds.demo import screen_addresses
from seeds.drawing import street
from seeds.filling import fill
from seeds.installation import prepare
from seeds.screens import CANTEEN, RECEPTION

NOW = datetime(2026, 11, 18, 11, 20, 7, tzinfo=UTC)


async def test_a_filled_company_has_a_screen_for_staff_and_one_for_guests(
    database_url: str, redis_url: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    prepare(tmp_path / "demo", seed=3, people=8, days=1)
    settings = replace(
        Settings.from_environment({}, data_dir=tmp_path / "demo"),
        database_url=database_url, redis_url=redis_url,
    )  # fmt: skip
    await fill(settings, people=8, days=1, seed=3, tell=lambda *_: None, now=NOW)

    hung = {one.setting.name: one for one in await screens(connection)}
    assert {name: one.setting.audience for name, one in hung.items()} == {
        CANTEEN: "staff", RECEPTION: "public",
    }  # fmt: skip
    lists = {one.id: one.playlist for one in await playlists(connection)}
    kept = {str(picture.id) for picture in await pictures(connection)}
    kinds = slide_kinds()
    for one in hung.values():
        assert one.setting.playlist is not None
        slides = lists[one.setting.playlist].slides
        assert {"note", "picture", "board", "contests", "winners"} <= {s.kind for s in slides}
        for slide in slides:
            offered = {option.name for option in kinds[slide.kind].options}
            assert set(slide.options) <= offered, slide.key
        shown = next(slide for slide in slides if slide.kind == "picture")
        assert kept & set(shown.options.values())
    printed = dict(await screen_addresses(settings))
    for name, one in hung.items():
        key = key_of(settings.require_secret_key(), one.id)
        assert printed[f"{name}, {one.setting.place}"] == f"{settings.base_url}/screens/{key}"
        found = await screen_by_key(connection, key)
        assert found is not None
        assert found.id == one.id


async def test_the_same_street_is_drawn_every_time() -> None:
    assert street(seed=3) == street(seed=3)
    assert street(seed=3) != street(seed=4)
    assert len(street()) < 300_000
