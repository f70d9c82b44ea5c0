"""How much room a text takes: a step from 1 (short) to 6, which the style sheet turns into a size. Pure.

Law: longer text is never in a larger step's size; a sign of a wide script takes the room of two.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Widest text of each step, in letters; what is longer takes the last.
STEPS: Final = (12, 20, 30, 44, 64)


def width(text: str) -> int:
    """The room a text takes, in letters of the Latin script; marks on letters take none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def fit(text: str) -> int:
    """The step of a text."""
    room = width(text)
    return next((step for step, most in enumerate(STEPS, 1) if room <= most), len(STEPS) + 1)
