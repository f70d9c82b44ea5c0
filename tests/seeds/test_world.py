"""The invented company is the same for the same seed, and believable in the ways pages depend on."""

from __future__ import annotations

import unicodedata

from seeds.personas import PERSONAS
from seeds.world import build_world


def test_the_same_seed_gives_the_same_world() -> None:
    assert build_world(7, 120) == build_world(7, 120)


def test_another_seed_gives_other_people() -> None:
    assert build_world(7, 120).members[5:] != build_world(8, 120).members[5:]


def test_every_world_has_the_personas_whatever_its_size() -> None:
    for people in (5, 20, 400):
        world = build_world(1, people)
        assert len(world.members) == people
        assert [m.email for m in world.members[:5]] == [p.email for p in PERSONAS]
        joined = [m.joined is not None for m in world.members[:5]]
        assert joined == [p.standing is not None for p in PERSONAS]


def test_no_two_people_share_an_address_or_an_account() -> None:
    world = build_world(2026, 2000)
    mails = [member.email for member in world.members]
    accounts = [(a.face.platform, a.face.native_id) for m in world.members for a in m.accounts]
    assert len(set(mails)) == len(mails)
    assert len(set(accounts)) == len(accounts)
    assert all(mail.isascii() for mail in mails)


def test_names_come_in_several_scripts_both_directions_and_great_lengths() -> None:
    names = [member.name for member in build_world().members]
    directions = {unicodedata.bidirectional(name[0]) for name in names}
    assert {"L", "R", "AL"} <= directions
    assert any("CJK" in unicodedata.name(name[0], "") for name in names)
    assert max(map(len, names)) > 35
