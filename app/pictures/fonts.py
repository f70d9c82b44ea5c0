"""The letters of pictures: Fanfare's own in one family, and what else the machine can write.

Law: a picture shows a name whole or is not made; a box in place of a letter is nobody's name.
"""

from __future__ import annotations

import tempfile
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from app.assets import DIRECTORY
from app.pictures.machine import machine_font

Weight = Literal[400, 700]

FAMILY: Final = "Fanfare Picture"
_UNITS: Final = 2048  # Inter's em; Noto's is 1000 and is scaled to it
# Inter comes in parts by script. As fonts of their own they would be drawn without what lies between
# two of them: a Polish name would take its letters from two and lose its spacing.
_PARTS: Final = (
    *(f"inter-{part}" for part in ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext")),
    *("inter-greek", "inter-greek-ext", "noto-sans-hebrew-hebrew", "noto-sans-arabic-arabic"),
)
_WEIGHTS: Final[tuple[Weight, ...]] = (400, 700)
# Family, full name, and the two that would take precedence over them.
_NAMED, _NAMED_OTHERWISE = (1, 4), (16, 17, 21, 22)


class CannotWrite(Exception):
    """No font here has the letters; the text says which, and what to do."""


@dataclass(frozen=True)
class Font:
    """A font file with its advances in shares of the em."""

    family: str
    path: Path
    advances: Mapping[int, float]  # by code point

    def lacks(self, text: str) -> str:
        """What it cannot write of a text."""
        return "".join(
            letter for letter in text if not (unseen(letter) or ord(letter) in self.advances)
        )


@dataclass(frozen=True, slots=True)
class Hand:
    """What a text is written with: the fonts in the order they are asked."""

    fonts: tuple[Font, ...]

    @property
    def family(self) -> str:
        """The first one's name; the renderer finds what it lacks in the others."""
        return self.fonts[0].family

    def advance(self, letter: str) -> float:
        """How far a letter moves on, in shares of the em."""
        if unseen(letter) or unicodedata.category(letter) == "Mn":
            return 0.0
        return next((f.advances[ord(letter)] for f in self.fonts if ord(letter) in f.advances), 1.0)


class Fonts:
    """All fonts of this process. Making them takes seconds, so it happens with the first picture."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def hand(self, text: str, weight: Weight) -> Hand:
        """What writes a text; CannotWrite."""
        own = self._own[weight]
        lacking = own.lacks(text)
        if not lacking:
            return Hand((own,))
        whole = machine_font("".join(sorted({one for one in text if not unseen(one)})), weight)
        if whole is not None:
            return Hand((_read(whole.path, whole.number, whole.family),))
        rest = machine_font("".join(sorted(set(lacking))), weight)
        if rest is not None:
            return Hand((own, _read(rest.path, rest.number, rest.family)))
        raise CannotWrite(
            f"No font on this server can write “{lacking[:20]}”. An administrator can install one "
            "(on Debian and Ubuntu: fonts-noto-core for most scripts, fonts-noto-cjk for Chinese, "
            "Japanese and Korean) and start Fanfare again."
        )

    def can_write(self, letter: str, weight: Weight) -> bool:
        """Whether any font here has a letter."""
        try:
            self.hand(letter, weight)
        except CannotWrite:
            return False
        return True

    @property
    def files(self) -> list[Path]:
        """Our own font files."""
        return [font.path for font in self._own.values()]

    @property
    def _own(self) -> Mapping[Weight, Font]:
        with self._lock:
            return self._made

    @cached_property
    def _made(self) -> Mapping[Weight, Font]:
        # The renderer reads fonts from files only; the directory goes with the process.
        self._directory = tempfile.TemporaryDirectory(prefix="fanfare-pictures-")
        directory = Path(self._directory.name)
        return {weight: _merged(directory, weight) for weight in _WEIGHTS}


def unseen(letter: str) -> bool:
    """Whether a character shows nothing by itself: joiners and marks of direction."""
    return unicodedata.category(letter) == "Cf"


def _merged(directory: Path, weight: Weight) -> Font:
    """One font of all parts of a weight."""
    source = DIRECTORY / "vendor" / "picture-fonts"
    parts = []
    for name in _PARTS:
        with TTFont(source / f"{name}-{weight}-normal.woff2") as part:
            part.flavor = None
            if part["head"].unitsPerEm != _UNITS:
                scale_upem(part, _UNITS)
            parts.append(directory / f"{name}.ttf")
            part.save(parts[-1])
    merged = Merger(options=Options(drop_tables=["STAT"])).merge([str(part) for part in parts])
    names = merged["name"]
    names.names = [one for one in names.names if one.nameID not in _NAMED_OTHERWISE]
    for one in names.names:
        if one.nameID in _NAMED:
            one.string = FAMILY
        elif one.nameID == 6:
            one.string = f"FanfarePicture-{weight}"
    merged["OS/2"].usWeightClass = weight
    path = directory / f"{weight}.ttf"
    merged.save(path)
    for part in parts:
        part.unlink()
    return Font(FAMILY, path, _advances(merged))


_read_before: Final[dict[tuple[Path, int], Font]] = {}


def _read(path: Path, number: int, family: str) -> Font:
    if (path, number) not in _read_before:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            _read_before[path, number] = Font(family, path, _advances(font))
    return _read_before[path, number]


def _advances(font: Any) -> Mapping[int, float]:
    widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


FONTS: Final = Fonts()
