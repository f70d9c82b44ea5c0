"""Law: a network is a folder. One made up here is heard, counted and shown, and nothing else is touched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest

from app.connections import known_connections
from app.settings import Settings
from scoring import Named, intake, link, platforms
from scoring.platforms import unrewarded
from tests.app.webhooks.test_receive import installation
from tests.scoring.scene import ANA, LONG_AGO, NOW, count, points, raise_curtain

PIGEON = """
from datetime import date

from scoring.facts import Engagement, Kind, Telling
from scoring.platforms.payload import Payload
from scoring.platforms.platform import (
    Arrival, Capabilities, Incentive, IncentivePolicy, NotVerified, Platform, Wanted)

class Pigeon(Platform):
    name = "pigeon"
    label = "Pigeon post"
    capabilities = Capabilities(
        frozenset({Kind.REPLY}), frozenset(), frozenset({Arrival.PUSH}), "within days", "ringed")
    incentive = IncentivePolicy(Incentive.CASH, "why", "https://pigeon.example", date(2026, 11, 1))
    raw_ttl_days = 1
    wants = (Wanted("ring", "what its pigeons wear"),)

    def problems(self, secrets):
        return [] if secrets.one("ring") else ["no ring"]

    def verify(self, headers, body, secrets, now):
        if headers.get("x-ring") != secrets.one("ring"):
            raise NotVerified("another loft's")
        return body.decode()

    def adapt(self, delivery):
        said = Payload.read(delivery.body)
        return Telling.of([Engagement(
            Kind.REPLY, said["id"].id(), said["from"].id(), said["to"].id(), post="p1")])

PLATFORM = Pigeon()
"""


@pytest.fixture
def pigeons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder, where all networks are."""
    folder = tmp_path / "pigeon"
    folder.mkdir()
    (folder / "__init__.py").write_text(PIGEON)
    (folder / "README.md").touch()
    networks = import_module("scoring.platforms")
    monkeypatch.setattr(networks, "__path__", [*networks.__path__, str(tmp_path)])
    for found in (platforms, unrewarded):
        found.cache_clear()
    yield
    monkeypatch.undo()
    sys.modules.pop("scoring.platforms.pigeon", None)
    for found in (platforms, unrewarded):
        found.cache_clear()


async def test_a_network_made_up_here_is_heard_counted_and_shown_by_its_folder_alone(
    pigeons: None, connection: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    settings = Settings.from_environment({"FANFARE_PIGEON_RING": "brass"}, data_dir=tmp_path)
    await raise_curtain(connection)
    ada = Named("ada", "ada")
    await link(connection, ANA, "pigeon", ada, "every", LONG_AGO + timedelta(days=1))
    letter = b'{"id": "1", "from": "fan", "to": "ada"}'
    async with installation(database_url, settings, now=lambda: NOW) as (client, _):
        stranger = await client.post("/webhooks/pigeon", content=letter, headers={"x-ring": "tin"})
        ours = [await client.post("/webhooks/pigeon", content=letter, headers={"x-ring": "brass"})
                for _ in range(2)]  # fmt: skip
    assert (stranger.status_code, *(one.status_code for one in ours)) == (401, 200, 200)
    await intake(connection, now=NOW)
    await count(connection)
    assert sum((await points(connection)).values()) == 8  # an answer, by somebody new
    (shown,) = [
        one for one in await known_connections(connection, settings, NOW) if one.name == "pigeon"
    ]
    assert [(one.variable, bool(one.values)) for one in shown.settings] == [
        ("FANFARE_PIGEON_RING", True)
    ]
    assert (shown.heard_at, shown.policy.mode, shown.lacks) == (NOW, "cash", ())
