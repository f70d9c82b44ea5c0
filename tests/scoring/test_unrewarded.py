"""Law: a network whose rules forbid every reward gives no points, whatever a rulebook says; and the
recomputation in SQL says the same."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.facts import Post
from scoring.platforms import platforms, unrewarded
from scoring.platforms.platform import Incentive
from scoring.rules import default_rulebook_toml, read_rulebook
from scoring.verify import verify
from tests.scoring import scene
from tests.scoring.scene import ZONE, count, hour, like, raise_curtain, reply, tell, wrote

NAMED = default_rulebook_toml().replace(
    'relation = "authored", kind = "post"',
    'relation = "authored", kind = "post", platform = ["youtube", "mastodon"]',
)


def test_youtube_is_one_and_what_may_be_paid_for_is_none() -> None:
    assert unrewarded() == {"youtube"}
    for name, network in platforms().items():
        assert (network.incentive.mode is Incentive.OFF) == (name in unrewarded())


def test_a_rule_takes_all_networks_but_those_or_the_ones_it_names_but_those() -> None:
    rules = read_rulebook(NAMED).rules
    assert rules["answered"].takes("mastodon")
    assert rules["answered"].takes("a system of the company's own")
    assert not rules["answered"].takes("youtube")
    assert rules["authored"].takes("mastodon")
    assert not rules["authored"].takes("x")
    assert not rules["authored"].takes("youtube")


@pytest.mark.parametrize(("network", "counts"), [("youtube", False), ("mastodon", True)])
@pytest.mark.parametrize("toml", [default_rulebook_toml(), NAMED])
async def test_no_points_come_of_it(
    connection: Any, monkeypatch: pytest.MonkeyPatch, network: str, counts: bool, toml: str
) -> None:
    monkeypatch.setattr(scene, "NETWORK", network)
    await raise_curtain(connection, toml=toml)
    await tell(
        connection,
        Post("p1", "ana", hour(0), text="hello"),
        wrote("p1", "ana", 0),
        reply("r1", "out1", "ana", "p1", 1),
        like("out2", "ana", "p1", 2),
    )
    await count(connection)
    assert bool(await connection.fetchval("select count(*) from entry")) == counts
    found = await verify(connection, zone=ZONE)
    assert found.agrees
    assert found.differences == []
