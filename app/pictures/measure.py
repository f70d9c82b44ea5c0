"""Text in a box: made smaller, then set in more lines, then cut, so that it never leaves it. Pure.

Widths are the fonts' own advances. Joined scripts come out narrower than the sum of their letters, so
what is measured is never less than what is drawn, but for a hair that `_HAIR` allows for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from app.pictures.fonts import Hand

_HAIR: Final = 1.02  # pairs that are set wider apart than their advances say
_TIGHT: Final = -0.02  # of the em, between large letters, as on screens
_LARGE: Final = 40  # pixels: from here on letters are set closer
_STEPS: Final = 16  # sizes tried between the largest and the least
# Smaller than these shares of the largest, another line reads better; the third is the last.
_DOWN_TO: Final = (0.72, 0.62, 0.0)
_UP_TO: Final = (1.0, 0.84, 0.66)  # and what has more lines is never as large
_MOST_WORDS: Final = 14  # tried in every way; a longer text is cut where lines are full
_MARK: Final = "…"


@dataclass(frozen=True, slots=True)
class Set:
    """A text as it is set: its lines, their size in pixels, what lies between letters."""

    lines: tuple[str, ...]
    size: float
    spacing: float


def fit(text: str, hand: Hand, *, width: float, largest: float, least: float, lines: int) -> Set:
    """Set a text into a width of at most so many lines (three); sizes in pixels."""
    tight = _TIGHT if largest >= _LARGE and is_tight(text) else 0.0
    step = (largest - least) / _STEPS
    sizes = [largest - step * n for n in range(_STEPS + 1)]
    for count in range(1, lines + 1):
        down_to = _DOWN_TO[count - 1] if count < lines else 0.0
        for size in sizes:
            if down_to * largest <= size <= max(_UP_TO[count - 1] * largest, least):
                broken = _broken(text, count, hand, width, size, tight)
                if broken:
                    return Set(broken, size, tight * size)
    return Set(_cut(text, hand, width, least, tight, lines), least, tight * least)


def wide(text: str, hand: Hand, size: float, tight: float = 0.0) -> float:
    """At most how wide a text is drawn, in pixels."""
    return sum(hand.advance(letter) + tight for letter in text) * size * _HAIR


def is_tight(text: str) -> bool:
    """Whether letters may be set closer: Latin, Greek and Cyrillic; joined scripts would break."""
    return all(ord(letter) < 0x590 or 0x1E00 <= ord(letter) < 0x2100 for letter in text)


def runs_left(text: str) -> bool:
    """Whether a text is read from right to left: its first letter says."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def _broken(
    text: str, count: int, hand: Hand, width: float, size: float, tight: float
) -> tuple[str, ...] | None:
    """The text in exactly so many lines that fit, as alike in length as they can be."""
    places = list(_between_words(text))
    if len(places) > _MOST_WORDS:
        return None if count > 1 or wide(text, hand, size, tight) > width else (text,)
    best: tuple[float, tuple[str, ...]] | None = None
    for cuts in combinations(places, count - 1):
        made = tuple(text[a:b].strip() for a, b in pairwise((0, *cuts, len(text))))
        longest = max(wide(line, hand, size, tight) for line in made)
        if longest <= width and (best is None or longest < best[0]):
            best = longest, made
    return best[1] if best else None


def _between_words(text: str) -> Iterator[int]:
    """Where a line may end: at a space, or behind a hyphen."""
    for at in range(1, len(text)):
        if text[at] == " " or (text[at - 1] == "-" and text[at] != "-"):
            yield at


def _cut(
    text: str, hand: Hand, width: float, size: float, tight: float, lines: int
) -> tuple[str, ...]:
    """Lines filled letter by letter, the last one ending in three dots where something is left."""
    made: list[str] = []
    rest = text
    while rest:
        last = len(made) == lines - 1
        if wide(rest, hand, size, tight) <= width:
            made.append(rest)
            break
        room = width - (wide(_MARK, hand, size, tight) if last else 0.0)
        at = len(rest)
        while at > 1 and wide(rest[:at], hand, size, tight) > room:
            at -= 1
        while at > 1 and unicodedata.combining(rest[at]):
            at -= 1  # a mark stays with its letter
        if not last:
            at = max((place for place in _between_words(rest) if place <= at), default=at)
        made.append(rest[:at].strip() + (_MARK if last else ""))
        if last:
            break
        rest = rest[at:].strip()
    return tuple(made)
