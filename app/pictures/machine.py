"""Fonts that the machine has, for scripts that Fanfare brings none for: Chinese, Thai, Tamil and more.

Law: the machine is looked through once a process, and only when a name needs it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import resvg_py
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection
from fontTools.ttLib.ttFont import TTLibError
from markupsafe import escape

_ENDINGS: Final = {".ttf", ".otf", ".ttc", ".otc"}
# Fonts that hold a sign for every character and write none: macOS has one.
_NO_FONT: Final = ("lastresort", "last resort")
_ONE_LETTER: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    '<text x="4" y="32" font-size="28" font-family="\'{}\'">{}</text></svg>'
)
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class MachineFont:
    """One font in a file of the machine."""

    path: Path
    number: int  # in a collection; -1: the file is one font
    family: str
    weight: int
    letters: frozenset[int]


def machine_font(letters: str, weight: int) -> MachineFont | None:
    """The font that writes all of these letters: a sans serif rather than another, then by weight."""
    needed = {ord(letter) for letter in letters}
    able = sorted(
        (font for font in _all() if needed <= font.letters), key=lambda font: _rank(font, weight)
    )
    return next((font for font in able if _draws(font, chr(max(needed)))), None)


def font_directories() -> list[Path]:
    """Where Linux and macOS keep fonts (freedesktop.org and Apple's support pages, read 2026-11)."""
    home = Path.home()
    own = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return [
        *(Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), own / "fonts", home / ".fonts"),
        *(Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"),
    ]


@cache
def _draws(font: MachineFont, letter: str) -> bool:
    """Whether the renderer takes the font, too: it wants a name in English, for one."""
    before, after = (
        resvg_py.svg_to_bytes(
            svg_string=_ONE_LETTER.format(escape(font.family), escape(text)),
            skip_system_fonts=True,
            font_files=[str(font.path)],
        )
        for text in (" ", letter)
    )
    return before != after


def _rank(font: MachineFont, weight: int) -> tuple[bool, bool, int, str, int]:
    name = font.family.lower()
    plain = "sans" not in name and "gothic" not in name
    return ("mono" in name, plain, abs(font.weight - weight), str(font.path), font.number)


def _all() -> tuple[MachineFont, ...]:
    with _lock:
        return _found(tuple(font_directories()))


@cache
def _found(directories: tuple[Path, ...]) -> tuple[MachineFont, ...]:
    files = sorted(
        {
            file
            for directory in directories
            for file in directory.rglob("*")
            if file.suffix.lower() in _ENDINGS and file.is_file()
        }
    )
    return tuple(font for file in files for font in _in(file))


def _in(file: Path) -> Iterator[MachineFont]:
    try:
        if file.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(str(file), lazy=True) as collection:
                yield from (_one(font, file, at) for at, font in enumerate(collection.fonts))
        else:
            with TTFont(file, lazy=True) as font:
                yield _one(font, file, -1)
    except (TTLibError, OSError, KeyError, ValueError, AssertionError):
        # Somebody else's file, broken or of a kind unknown here: it writes nothing for us.
        return


def _one(font: TTFont, file: Path, number: int) -> MachineFont:
    family = font["name"].getBestFamilyName() or ""
    drawable = any(table in font for table in ("glyf", "CFF ", "CFF2"))
    upright = not font["OS/2"].fsSelection & 1
    usable = drawable and upright and not any(word in family.lower() for word in _NO_FONT)
    letters = frozenset(font.getBestCmap() or ()) if usable else frozenset()
    return MachineFont(file, number, family, font["OS/2"].usWeightClass, letters)
