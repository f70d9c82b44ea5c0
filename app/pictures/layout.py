"""Where everything stands in a picture: two shapes, each also without a podium block. Pure data.

Law: every text has a place that it cannot leave: a line of its own, or its turn in a column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.pictures.own import Weight

Shape = Literal["landscape", "portrait"]
Anchor = Literal["start", "middle", "end"]
# What networks show whole: 16:9 in a stream of posts, 4:5 on telephones.
SHAPES: Final[Mapping[Shape, tuple[int, int]]] = {
    "landscape": (1600, 900),
    "portrait": (1080, 1350),
}

# The screens' colours: see static/tokens.css and, for avatars, static/fanfare.css.
INK, MUTED, BRASS = "#eef1f8", "#9ca8c2", "#f0be5a"
MEDALS: Final = {1: "#e3a63a", 2: "#aab4c6", 3: "#c07f4d"}
NO_MEDAL: Final = "#7485a8"
TINTS: Final = (
    "#b4533c", "#2d6f8e", "#357448", "#856718", "#5c5aa8",
    "#a3486f", "#7a4fa3", "#4d6b2f", "#8a5a3b", "#3f6b78",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; sizes in pixels, from the largest it has to the least it shrinks to."""

    largest: float
    least: float
    weight: Weight = 700
    colour: str = INK
    lines: int = 1
    above: float = 0.0  # what lies between it and the text above it in a column


@dataclass(frozen=True, slots=True)
class Column:
    """Texts one below the other, together in the middle between two heights."""

    texts: tuple[str, ...]
    x: float
    width: float
    top: float
    bottom: float
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Layout:
    """A shape. The block, left, top, width and height, is what the value stands on; None: no value."""

    avatar: tuple[float, float, float]  # its middle and radius
    ground: float  # where the dark strip at the bottom begins
    columns: tuple[Column, ...]
    block: tuple[float, float, float, float] | None = None


STYLES: Final[Mapping[str, Style]] = {
    "company": Style(29, 22),
    "day": Style(25, 20, 400, MUTED),
    "initials": Style(98, 40, colour="#ffffff"),
    "metric": Style(37, 26, colour=BRASS),
    "name": Style(102, 46, lines=3, above=20),
    "place": Style(46, 32, above=22),
    "department": Style(31, 24, 400, MUTED, lines=2, above=10),
    "value": Style(108, 44),
    "unit": Style(30, 22, 400, MUTED, above=0),
    "gift": Style(37, 25, colour=BRASS, above=14, lines=2),
    "contest": Style(28, 23),
    "bracket": Style(26, 22, 400, MUTED),
}


def _circle(x: float, y: float, r: float) -> Column:
    return Column(("initials",), x, r * 1.6, y - r, y + r, "middle")


_VALUE: Final = ("value", "unit", "gift")
_WIDE_TOP: Final = (
    Column(("company",), 72, 900, 50, 98),
    Column(("day",), 1528, 460, 50, 98, "end"),
)
_WIDE_FOOT: Final = (
    Column(("contest",), 72, 820, 790, 900),
    Column(("bracket",), 1528, 580, 790, 900, "end"),
)
_WIDE_WORDS: Final = ("metric", "name", "place", "department")
_TALL_TOP: Final = (
    Column(("company",), 64, 620, 56, 104),
    Column(("day",), 1016, 300, 56, 104, "end"),
)
_TALL_FOOT: Final = (Column(("contest", "bracket"), 64, 952, 1210, 1342),)
_TALL_WORDS: Final = ("name", "place", "department")

WITH_BLOCK: Final[Mapping[Shape, Layout]] = {
    "landscape": Layout(
        (380, 304, 138), 790,
        (
            *_WIDE_TOP, _circle(380, 304, 138),
            Column(_VALUE, 380, 440, 518, 784, "middle"),
            Column(_WIDE_WORDS, 730, 798, 130, 770),
            *_WIDE_FOOT,
        ),
        (130, 510, 500, 280),
    ),
    "portrait": Layout(
        (540, 372, 130), 1210,
        (
            *_TALL_TOP, Column(("metric",), 540, 950, 124, 184, "middle"),
            _circle(540, 372, 130),
            Column(_TALL_WORDS, 540, 950, 520, 900, "middle"),
            Column(_VALUE, 540, 620, 926, 1204, "middle"),
            *_TALL_FOOT,
        ),
        (200, 916, 680, 294),
    ),
}  # fmt: skip
WITHOUT_BLOCK: Final[Mapping[Shape, Layout]] = {
    "landscape": Layout(
        (380, 450, 190), 790,
        (
            *_WIDE_TOP, _circle(380, 450, 190),
            Column((*_WIDE_WORDS, "gift"), 730, 798, 130, 770),
            *_WIDE_FOOT,
        ),
    ),
    "portrait": Layout(
        (540, 510, 190), 1210,
        (
            *_TALL_TOP, Column(("metric",), 540, 950, 172, 242, "middle"),
            _circle(540, 510, 190),
            Column((*_TALL_WORDS, "gift"), 540, 950, 740, 1170, "middle"),
            *_TALL_FOOT,
        ),
    ),
}  # fmt: skip
