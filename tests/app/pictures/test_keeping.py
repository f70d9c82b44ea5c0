"""Where our own letters are kept: made once, whole, and nothing left behind."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.pictures import own
from app.pictures.fonts import FONTS, Fonts
from app.pictures.own import FAMILY, fingerprint, own_fonts


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The weights that were made, each from what another test made before."""
    ours = {weight: path.read_bytes() for weight, path in zip((400, 700), FONTS.files, strict=True)}
    weights: list[int] = []

    def merged(weight: int) -> bytes:
        weights.append(weight)
        return ours[weight]

    monkeypatch.setattr(own, "_merged", merged)
    return weights


def test_letters_are_made_once_for_all_processes_and_restarts(
    tmp_path: Path, made: list[int]
) -> None:
    home = tmp_path / "data" / "picture-fonts"
    for _ in range(3):
        fonts = Fonts()
        fonts.keep_in(home)
        assert fonts.hand("Łukasz", 700).family == FAMILY
        fonts.let_go()
    assert made == [400, 700]
    assert {path.name for path in home.rglob("*")} == {fingerprint(), "400.ttf", "700.ttf"}


def test_other_parts_make_other_letters(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = own_fonts(tmp_path)
    monkeypatch.setattr(own, "_MADE", 2)
    assert own_fonts(tmp_path)[400] != before[400]
    assert made == [400, 700, 400, 700]


def test_who_is_ended_while_making_them_leaves_nothing_half_made(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", ended)
        with pytest.raises(KeyboardInterrupt):
            own_fonts(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert all(path.stat().st_size for path in own_fonts(tmp_path).values())


def test_two_that_make_them_at_once_both_have_them(tmp_path: Path, made: list[int]) -> None:
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(own_fonts, [tmp_path] * 8))
    assert all(one == found[0] for one in found)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(found[0].values())


def test_where_nothing_can_be_written_they_go_with_the_process(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "tmp"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    (tmp_path / "file").write_text("in the way")
    fonts = Fonts()
    fonts.keep_in(tmp_path / "file" / "picture-fonts")
    assert all(aside in path.parents for path in fonts.files)
    fonts.let_go()
    assert list(aside.iterdir()) == []
    # The same process opens the application anew.
    assert all(path.is_file() for path in fonts.files)
    fonts.let_go()
    assert list(aside.iterdir()) == []


def test_what_was_thrown_away_is_made_again(tmp_path: Path, made: list[int]) -> None:
    fonts = Fonts()
    fonts.keep_in(tmp_path)
    for path in fonts.files:
        path.unlink()
    assert all(path.is_file() for path in fonts.files)
    assert made == [400, 700, 400, 700]
