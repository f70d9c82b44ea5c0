"""What a leader writes for everybody to read: one line of plain text. Pure.

Law: markup stays what was typed, a reader sees it as text; nothing invisible that could break a
screen, a message or a database gets through.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from rewards.refusal import Refused

MOST_LINE: Final = 200  # characters: two lines on a screen, readable at six metres
MOST_CORRECTION: Final = 300
# Control characters, halves of a letter, and what turns the direction of the text that follows.
_DROPPED: Final = frozenset({"Cc", "Cs"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The text with white space collapsed and without control characters."""
    kept = (
        sign
        for sign in text
        if sign.isspace() or (unicodedata.category(sign) not in _DROPPED and sign not in _TURNING)
    )
    return " ".join("".join(kept).split())


def leaders_line(text: str) -> str:
    """The line beside an announcement, '' for none. Raises Refused when it is too long."""
    line = one_line(text)
    if len(line) > MOST_LINE:
        raise Refused(
            f"A line has {MOST_LINE} characters at most; this one has {len(line):,}.", field="line"
        )
    return line


def correction(text: str) -> str:
    """The words of a correction. Raises Refused when there are none, or too many."""
    words = one_line(text)
    if not words:
        raise Refused("Say what was wrong, and what is right.", field="words")
    if len(words) > MOST_CORRECTION:
        raise Refused(
            f"A correction has {MOST_CORRECTION} characters at most; this one has {len(words):,}.",
            field="words",
        )
    return words
