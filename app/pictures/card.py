"""A winner and a shape made into the values of the drawing. Pure but for the fonts it measures with.

Law: what it is given is already what may be shown; here nothing is added to it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.pictures.fonts import FONTS, Hand
from app.pictures.layout import (
    INK,
    MEDALS,
    NO_MEDAL,
    SHAPES,
    STYLES,
    TINTS,
    WITH_BLOCK,
    WITHOUT_BLOCK,
    Anchor,
    Column,
    Shape,
)
from app.pictures.measure import Set, fit, runs_left
from app.pictures.own import Weight

_JOINERS: Final = "\u200c\u200d"  # scripts need them inside words
_RIGHT_TO_LEFT, _END = "\u2067", "\u2069"  # isolates of the bidirectional algorithm (UAX 9)
_LEADING: Final = 1.14  # from one base line to the next, in sizes
_CAPITAL: Final = 0.727  # height of Inter's capitals
_WHOLE: Final = ("name", "initials")  # of these no letter may be missing


@dataclass(frozen=True, slots=True)
class Winner:
    """What a picture says, in words, already what may be shown; '' for what is not said."""

    name: str
    initials: str
    tint: int
    medal: int | None  # the place, where it is one of the first three
    place: str  # "First place"
    metric: str  # "Answered by the most people"
    value: str  # "214"
    unit: str  # "people answered"
    contest: str
    company: str
    day: str  # when it was announced
    bracket: str = ""
    department: str = ""
    gift: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text where it stands, `y` being its base line."""

    text: str
    x: float
    y: float
    size: float
    weight: Weight
    colour: str
    anchor: Anchor
    spacing: float
    family: str


def values(winner: Winner, shape: Shape) -> tuple[dict[str, Any], list[Hand]]:
    """What the template needs, and what its texts are written with; CannotWrite for the name."""
    layout = (WITH_BLOCK if winner.value else WITHOUT_BLOCK)[shape]
    said = {
        key: readable(text, STYLES[key].weight, whole=key in _WHOLE)
        for key, text in asdict(winner).items()
        if key in STYLES
    }
    medal = MEDALS.get(winner.medal or 0)
    hands: list[Hand] = []
    lines: list[Line] = []
    for column in layout.columns:
        lines += _set(column, said, medal or INK, hands)
    width, height = SHAPES[shape]
    return {
        "width": width,
        "height": height,
        "medal": medal or NO_MEDAL,
        "tint": TINTS[winner.tint % len(TINTS)],
        "avatar": layout.avatar,
        "block": layout.block,
        "ground": layout.ground,
        "lines": lines,
    }, hands


def readable(text: str, weight: Weight, *, whole: bool = False) -> str:
    """A text without what cannot be drawn: controls, and signs that no font here has.

    Of a `whole` one every letter, mark and digit must be there: CannotWrite.
    """
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    kept = [one for one in spaced if unicodedata.category(one)[0] != "C" or one in _JOINERS]
    missing = {one for one in kept if one not in _JOINERS and not FONTS.can_write(one, weight)}
    lost = [one for one in kept if one in missing and unicodedata.category(one)[0] in "LMN"]
    if whole and lost:
        FONTS.hand("".join(lost), weight)  # says which, and what to do
    return " ".join("".join(one for one in kept if one not in missing).split())


def _set(column: Column, said: dict[str, str], medal: str, hands: list[Hand]) -> Iterator[Line]:
    """The lines of a column, together in its middle."""
    rows: list[tuple[str, Set, Hand, float]] = []
    high = 0.0
    for key in column.texts:
        if not said[key]:
            continue
        style = STYLES[key]
        hand = FONTS.hand(said[key], style.weight)
        hands.append(hand)
        done = fit(
            said[key], hand,
            width=column.width, largest=style.largest, least=style.least, lines=style.lines,
        )  # fmt: skip
        above = style.above if rows else 0.0
        rows.append((key, done, hand, above))
        high += above + len(done.lines) * done.size * _LEADING
    y = (column.top + column.bottom - high) / 2
    for key, done, hand, above in rows:
        style, step = STYLES[key], done.size * _LEADING
        y += above
        for line in done.lines:
            # Capitals in the middle of their line: what stands alone, stands in the middle.
            base = y + (step + done.size * _CAPITAL) / 2
            yield Line(
                f"{_RIGHT_TO_LEFT}{line}{_END}" if runs_left(said[key]) else line,
                column.x,
                round(base, 2),
                round(done.size, 2),
                style.weight,
                medal if key == "place" else style.colour,
                column.anchor,
                round(done.spacing, 2),
                hand.family,
            )
            y += step
