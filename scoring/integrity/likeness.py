"""How alike two texts are: words, pairs of words, and the bands by which copies find each other. Pure.

Law: the bands only suggest; what two texts really share decides. Addresses, hashtags and names of
accounts are no words of anybody's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final
from unicodedata import normalize

from rensa import RMinHash

_ASIDE: Final = re.compile(r"https?://\S+|[@#]\w[\w.@-]*")
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Thai, Lao, Burmese, Khmer, kana and Han are written without spaces: every letter stands alone here.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)
_LETTERS_A_WORD: Final = 2  # of those scripts: about what a word of theirs has

# A pair of words is the least that has an order: single words are alike in any two texts about one
# thing, and of triples a copy with every eighth word changed keeps too few.
# 32 bands of 3: of texts that share half their pairs 99 of 100 meet in a band, of those that share
# a fifth one in four, which the exact comparison then sorts out.
_BANDS: Final = 32
_ROWS: Final = 3
_STIR: Final = (
    0x9E3779B97F4A7C15  # 2 to the 64th by the golden ratio, as multiplicative hashing has it
)
_EIGHT_BYTES: Final = (1 << 64) - 1
_NEARLY_ALL: Final = 0.8  # of the longer text
_SEED: Final = 1  # kept sketches are compared with new ones: never changed


def words(text: str) -> list[str]:
    """The words of a text, in one spelling, without addresses, hashtags and names of accounts."""
    plain = _ASIDE.sub(" ", normalize("NFKC", text).casefold())
    return _WORD.findall(_UNSPACED.sub(r" \g<0> ", plain))


def length(of: Sequence[str]) -> int:
    """How many words these are; of scripts without spaces two letters are one."""
    letters = sum(1 for word in of if _UNSPACED.match(word))
    return len(of) - letters + letters // _LETTERS_A_WORD


def pairs(of: Sequence[str]) -> frozenset[str]:
    """Every two words that follow each other."""
    return frozenset(f"{one} {other}" for one, other in pairwise(of))


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of all their pairs that two texts share: 0 nothing, 1 everything (Jaccard)."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def bands(of: Iterable[str]) -> list[int]:
    """Numbers of which two texts have one in common if they share much; no text can be read from them."""
    sketch = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    sketch.update(list(of))
    digest = sketch.digest()
    return [
        _number(digest[at : at + _ROWS], band)
        for band, at in enumerate(range(0, _BANDS * _ROWS, _ROWS))
    ]


def _number(rows: Sequence[int], band: int) -> int:
    number = band
    for row in rows:  # of 32 bits each; stirred, so that few bands of few texts meet by chance
        number = (number * _STIR + row) & _EIGHT_BYTES
    return number - (1 << 63)  # a bigint has a sign


def rest_share(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two texts are outside the longest passage they have in common; 1 if that is nearly all.

    One passage, however long, may be a phrase that everybody uses; a copy is alike throughout.
    """
    run = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    if run.size >= _NEARLY_ALL * max(len(one), len(other)):
        return 1.0
    rest = [
        pairs(of[:begin]) | pairs(of[begin + run.size :])
        for of, begin in ((one, run.a), (other, run.b))
    ]
    return share(rest[0], rest[1])
