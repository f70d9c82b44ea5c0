"""Law: a platform is a folder; one that is not whole stops the process in words."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring.platforms import BrokenPlatform, discover, platform, platforms
from scoring.platforms.platform import UnknownPlatform

WHOLE = """
from datetime import date

from scoring.facts import Telling
from scoring.platforms.platform import (
    Arrival, Capabilities, Incentive, IncentivePolicy, Platform)

class Pigeon(Platform):
    name = "pigeon"
    label = "Pigeon post"
    capabilities = Capabilities(frozenset(), frozenset(), frozenset({Arrival.PUSH}), "days", "none")
    incentive = IncentivePolicy(Incentive.OFF, "why", "https://pigeon.example", date(2026, 11, 1))
    raw_ttl_days = 1
    def verify(self, headers, body, secrets, now): return "feather"
    def adapt(self, delivery): return Telling.nothing("coo")

PLATFORM = Pigeon()
"""


@pytest.fixture
def lofts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package for platforms outside this one."""
    package = tmp_path / "lofts"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "lofts"]:
        del sys.modules[name]


def pigeon(lofts: Path, code: str, *, name: str = "pigeon", readme: bool = True) -> None:
    folder = lofts / name
    folder.mkdir()
    (folder / "__init__.py").write_text(code)
    if readme:
        (folder / "README.md").touch()


def test_the_networks_of_this_version_are_found() -> None:
    assert {"mastodon", "standard", "x"} <= set(platforms())
    assert platform("x").label == "X"
    with pytest.raises(UnknownPlatform, match="'myspace'"):
        platform("myspace")


def test_a_new_folder_is_found_without_touching_a_list(lofts: Path) -> None:
    pigeon(lofts, WHOLE)
    (lofts / "notes.py").touch()
    assert [found.label for found in discover("lofts").values()] == ["Pigeon post"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1 / 0", "cannot be imported: division by zero"),
        ("", "must expose PLATFORM"),
        ("PLATFORM = 'pigeon'", "must expose PLATFORM"),
        (WHOLE.replace('name = "pigeon"', 'name = "dove"'), "calls itself 'dove'"),
        (WHOLE.replace("    raw_ttl_days = 1\n", ""), "does not declare raw_ttl_days"),
        (WHOLE.replace("    def adapt", "    def adopt"), "cannot be imported"),
    ],
)
def test_a_broken_folder_is_loud(lofts: Path, code: str, words: str) -> None:
    pigeon(lofts, code)
    with pytest.raises(BrokenPlatform, match=words):
        discover("lofts")


def test_a_folder_without_its_page_is_loud(lofts: Path) -> None:
    pigeon(lofts, WHOLE, readme=False)
    with pytest.raises(BrokenPlatform, match=r"README\.md"):
        discover("lofts")
