"""Words as they are compared: upper or lower case, with or without accents, all the same. Pure.

Law: what is folded once more stays as it is, so that lists can be kept folded.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What a word is often written without: accents on Latin, Greek and Cyrillic letters, vowel points of
# Hebrew and Arabic, and what cannot be seen: soft hyphens, joiners, direction marks. Vowel signs of other
# scripts make another word and stay.
_LEFT_OUT: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f"
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
# Scripts that set no blanks between words: there a keyword may stand within a run of letters.
_UNSPACED: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def folded(text: str) -> str:
    """A text as it is compared: without case, accents and what cannot be seen, blanks as one."""
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = unicodedata.normalize("NFC", _LEFT_OUT.sub("", plain))
    return " ".join(text.casefold().split())


def is_of_a_word(letter: str) -> bool:
    """Whether a letter belongs to the word beside it: letters, digits, and marks upon them."""
    return letter == "_" or unicodedata.category(letter)[0] in "LNM"


def is_unspaced(letter: str) -> bool:
    """Whether a letter's script sets no blanks between words."""
    return not letter.isascii() and _within(letter, _UNSPACED)


def _within(letter: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(letter) <= last for first, last in ranges)
