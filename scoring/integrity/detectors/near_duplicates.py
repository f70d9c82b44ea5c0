"""Nearly the same own text by several colleagues, edited copies included.

Who wrote it first keeps everything; of a copy only its publishing is held, for what others answered
to it is theirs. The company's own texts may be repeated, and common phrases are too short to matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from scoring.integrity.detector import Detector
from scoring.integrity.finding import Finding
from scoring.integrity.happened import Happened, OwnText
from scoring.integrity.likeness import bands, length, pairs, rest_share, share, words

# Fewer are said alike by chance: greetings, thanks, "we are hiring" (design section 5).
LEAST_WORDS: Final = 12
# A copy with every sixth word changed still shares more than half its pairs; two people who tell the
# same news in their own words, its name and figures included, share less than a third.
ALIKE: Final = 0.5
# Outside the longest passage in common: a shared closing is none of anybody's, an edited copy is
# alike in all its parts.
ALIKE_THROUGHOUT: Final = 0.3
# A text is held against no more than the first so many of each band, and read beside those alone that
# it met in two bands or more, the most in first place: what everybody copies is found by these, and a
# day with a phrase that everybody uses costs no more than any other.
TEXTS_IN_A_BAND: Final = 64
LEAST_BANDS: Final = 2  # copies that are alike enough meet in four and more
MOST_READ: Final = 30


class _Read(NamedTuple):
    own: OwnText
    words: list[str]
    pairs: frozenset[str]


def find(happened: Happened) -> Iterator[Finding]:
    """Every copy of an earlier text by somebody else."""
    company = company_pairs(happened.company_texts)
    read = [
        one
        for text in sorted(happened.texts, key=lambda text: (text.at, text.post_id))
        if (one := _Read(text, said := words(text.text), _own_pairs(said, company))).pairs
    ]
    meeting: dict[int, list[int]] = defaultdict(list)
    first: dict[int, int] = {}  # of a copy the text that all its likes go back to
    for place, one in enumerate(read):
        met: Counter[int] = Counter()
        for band in bands(one.pairs):
            met.update(meeting[band])
            if len(meeting[band]) < TEXTS_IN_A_BAND:
                meeting[band].append(place)
        like = [
            (share(one.pairs, read[other].pairs), -other)
            for other, often in met.most_common(MOST_READ)
            if often >= LEAST_BANDS and read[other].own.person_id != one.own.person_id
        ]
        like = [
            (alike, other)
            for alike, other in like
            if alike >= ALIKE and rest_share(one.words, read[-other].words) >= ALIKE_THROUGHOUT
        ]
        if like:
            first[place] = min(first.get(-other, -other) for _, other in like)
            if one.own.made_by:
                others = [read[-other] for _, other in like]
                yield _found(one, read[first[place]].own, others, max(like)[0])


def own_bands(text: str, company: frozenset[str]) -> list[int]:
    """The bands of a text beside the company's pairs; none if little of it is the author's."""
    own = _own_pairs(words(text), company)
    return bands(own) if own else []


def company_pairs(texts: Iterable[str]) -> frozenset[str]:
    """Two by two the words that the company has said: repeating them is sharing."""
    return frozenset[str]().union(*(pairs(words(text)) for text in texts))


def _own_pairs(said: Sequence[str], company: frozenset[str]) -> frozenset[str]:
    """Two by two the words that are the author's; none where they are too few to say anything."""
    own = pairs(said) - company if length(said) >= LEAST_WORDS else frozenset()
    return own if len(own) >= LEAST_WORDS - 1 else frozenset()  # twelve words have eleven pairs


def _found(one: _Read, first: OwnText, like: list[_Read], likeness: float) -> Finding:
    people = {one.own.person_id} | {other.own.person_id for other in like}
    percent, count = round(likeness * 100), length(one.words)
    return Finding(
        kind="near_duplicates",
        person_id=one.own.person_id,
        subject=str(first.post_id),
        reason=f"{len(people)} people posted nearly the same {count} words ({percent} % alike).",
        hold=one.own.made_by,
        evidence={
            "people": len(people),
            "likeness": percent,
            "words": min(count, *(length(other.words) for other in like)),
            "post_id": str(one.own.post_id),
            "like_post_ids": [str(other.own.post_id) for other in like[:20]],
            "person_ids": sorted(people),
        },
        goes_on=True,
        several=True,
    )


DETECTOR = Detector("near_duplicates", "Nearly the same own text by several colleagues", find)
