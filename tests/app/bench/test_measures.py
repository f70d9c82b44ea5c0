"""Every measurement runs, on a scale at which its figures mean nothing."""

from __future__ import annotations

import json
from types import ModuleType

import asyncpg
import pytest
from redis.asyncio import Redis

from app.bench import NoRoom, Room, as_json, check, in_words, measure, measurements, servers
from app.bench import measures as folder
from app.settings import Settings

_MAY_BE_NOTHING = ("missed", "not accepted", "memory")


@pytest.mark.parametrize("name", sorted(measurements()))
async def test_a_measurement_gives_figures_and_leaves_nothing(name: str, room: Room) -> None:
    results = await measure(room, [name])

    figures = next(iter(results.values()))
    assert figures
    for figure in figures:
        assert figure.value > 0 or any(word in figure.words for word in _MAY_BE_NOTHING), figure
    assert figures[0].words in in_words({"machine": "this one"}, results)
    written = json.loads(json.dumps(as_json({}, results)))
    assert [one["value"] for one in next(iter(written["results"].values()))] == [
        figure.value for figure in figures
    ]
    connection = await asyncpg.connect(room.settings.require_database_url())
    try:
        left = await connection.fetch(
            "select datname from pg_database where datname = $1", room._template
        )
        assert not left
    finally:
        await connection.close()


async def test_a_redis_that_holds_something_is_not_emptied(room: Room, redis: Redis) -> None:
    await redis.set("somebody's", "data")

    with pytest.raises(NoRoom, match="not empty"):
        await check(room.settings)
    assert await redis.get("somebody's") == b"data"


def test_servers_of_ones_own_must_be_named() -> None:
    with pytest.raises(NoRoom, match="FANFARE_DATABASE_URL"), servers(Settings(), here=True):
        pass


def test_a_file_that_measures_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    hollow = ModuleType(f"{folder.__name__}.hollow")
    hollow.__file__ = "hollow.py"
    monkeypatch.setattr(folder.importlib, "import_module", lambda _: hollow)
    monkeypatch.setattr(
        folder.pkgutil, "iter_modules", lambda _: [type("Found", (), {"name": "hollow"})()]
    )

    with pytest.raises(TypeError, match=r"hollow\.py has no `measure\(room\)`"):
        measurements()
