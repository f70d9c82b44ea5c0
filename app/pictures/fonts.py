"""The letters of pictures: Fanfare's own in one family, and what else the machine can write.

Law: a picture shows a name whole or is not made; a box in place of a letter is nobody's name.
"""

from __future__ import annotations

import tempfile
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from fontTools.ttLib import TTFont

from app.pictures.machine import machine_font
from app.pictures.own import FAMILY, Weight, own_fonts

_log = structlog.get_logger(__name__)


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
    """All fonts of this process. Our own are made ready, which may take seconds, with the first picture."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._home: Path | None = None
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        self._made: Mapping[Weight, Font] | None = None

    def keep_in(self, directory: Path) -> None:
        """Keep our own in this directory. The first word holds: a process has one installation."""
        self._home = self._home or directory

    def let_go(self) -> None:
        """Remove what could not be kept; to be called before the process ends."""
        with self._lock:
            if self._aside is not None:
                self._aside.cleanup()
                self._aside, self._made = None, None

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
            made = self._made
            # What is kept may be thrown away at any moment: it is only a cache.
            if made is None or not all(font.path.is_file() for font in made.values()):
                made = self._made = {
                    weight: _read(path, -1, FAMILY) for weight, path in self._files().items()
                }
            return made

    def _files(self) -> Mapping[Weight, Path]:
        try:
            if self._home is not None:
                return own_fonts(self._home)
        except OSError as refused:
            _log.warning("picture_fonts_not_kept", where=f"{self._home}", why=f"{refused}")
        # The renderer reads fonts from files only.
        self._aside = tempfile.TemporaryDirectory(prefix="fanfare-picture-fonts-")
        return own_fonts(Path(self._aside.name))


def unseen(letter: str) -> bool:
    """Whether a character shows nothing by itself: joiners and marks of direction."""
    return unicodedata.category(letter) == "Cf"


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
