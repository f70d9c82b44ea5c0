"""A demo's directory: made with secrets, recognised, wiped only if it is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings
from seeds.installation import Demo, NotADemo, prepare, wipe
from seeds.personas import SECOND_HR


def test_a_new_demo_has_settings_with_secrets_only_its_owner_can_read(tmp_path: Path) -> None:
    directory = tmp_path / "demo"
    prepare(directory, seed=1, people=20, days=3)

    settings = Settings.from_environment({}, data_dir=directory)
    assert settings.demo
    assert settings.require_secret_key()
    for name in ("fanfare.env", "demo.json"):
        assert (directory / name).stat().st_mode & 0o077 == 0


def test_starting_again_continues_the_same_demo(tmp_path: Path) -> None:
    first = prepare(tmp_path, seed=1, people=20, days=3)
    again = prepare(tmp_path, seed=2, people=400, days=60)
    assert again == first == Demo.of(tmp_path)


def test_a_demo_made_before_somebody_got_a_link_gives_them_one_and_keeps_the_others(
    tmp_path: Path,
) -> None:
    older = prepare(tmp_path, seed=1, people=20, days=3)
    before = dict(older.links)
    del older.links[SECOND_HR]
    older.note(tmp_path)
    again = prepare(tmp_path, seed=1, people=20, days=3)
    assert again == Demo.of(tmp_path)
    assert again.links.keys() == before.keys()
    assert {key: again.links[key] for key in older.links} == older.links


def test_data_no_demo_made_is_neither_continued_nor_wiped(tmp_path: Path) -> None:
    kept = tmp_path / "postgres" / "PG_VERSION"
    kept.parent.mkdir()
    kept.write_text("18")
    for touch in (lambda: prepare(tmp_path, seed=1, people=20, days=3), lambda: wipe(tmp_path)):
        with pytest.raises(NotADemo):
            touch()
    assert kept.read_text() == "18"


def test_wiping_a_demo_leaves_nothing_of_it_and_makes_new_secrets(tmp_path: Path) -> None:
    before = prepare(tmp_path, seed=1, people=20, days=3)
    wipe(tmp_path)
    assert Demo.of(tmp_path) is None
    assert not (tmp_path / "fanfare.env").exists()
    assert prepare(tmp_path, seed=1, people=20, days=3).links != before.links
