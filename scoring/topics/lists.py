"""By which words a post has which topics. Pure.

Laws: what a post was published under decides, whenever it is told; hashtags are compared whole, keywords
as whole words or phrases; a list that comes later moves nothing published before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from scoring.topics.folding import folded, is_of_a_word, is_unspaced

HASHTAG: Final = "hashtag"
KEYWORD: Final = "keyword"
# What stands in a text and is nobody's word: addresses, and whom somebody speaks to.
_NO_WORDS: Final = re.compile(r"https?://\S+|www\.\S+|\S*@\S+")


class Found(NamedTuple):
    """A topic that a list finds in a post, and the word it was found by, as the list has it."""

    topic: str
    source: str  # hashtag | keyword
    word: str


@dataclass(frozen=True)
class TopicList:
    """A version of a topic's list. `id` grows with every version; `valid_from` is when it begins to hold."""

    id: int
    topic: str  # its slug: what rules name
    name: str  # as people read it
    hashtags: tuple[str, ...]  # without '#'
    keywords: tuple[str, ...]
    active: bool
    valid_from: datetime

    @cached_property
    def tags(self) -> dict[str, str]:
        """The hashtags as they are compared, and as the list has them."""
        return {folded(tag): tag for tag in reversed(self.hashtags)}

    @cached_property
    def words(self) -> dict[str, str]:
        """The keywords as they are compared, and as the list has them."""
        return {folded(word): word for word in reversed(self.keywords)}

    def finds(self, hashtags: Iterable[str], text: str | None) -> list[Found]:
        """Every word of the list that a post carries."""
        if not self.active:
            return []
        carried = {folded(tag.lstrip("#＃")) for tag in hashtags}
        found = [
            Found(self.topic, HASHTAG, self.tags[tag]) for tag in sorted(carried & self.tags.keys())
        ]
        plain = _readable(text) if text and self.words else ""
        found += [
            Found(self.topic, KEYWORD, word)
            for word_folded, word in self.words.items()
            if stands_in(word_folded, plain)
        ]
        return found


@lru_cache(maxsize=64)  # every list of a company asks about the same post
def _readable(text: str) -> str:
    return folded(_NO_WORDS.sub(" ", text))


def stands_in(word: str, text: str) -> bool:
    """Whether a word or phrase stands in a text as whole words; both are folded."""
    at = text.find(word) if word else -1
    while at >= 0:
        after = at + len(word)
        if _ends(word[0], text[at - 1 : at]) and _ends(word[-1], text[after : after + 1]):
            return True
        at = text.find(word, at + 1)
    return False


def _ends(edge: str, beside: str) -> bool:
    """Whether a word ends between its edge and the letter beside it."""
    return not beside or is_unspaced(edge) or not is_of_a_word(beside) or is_unspaced(beside)


class TopicLists:
    """All versions of all lists: which held when, and what they find."""

    def __init__(self, versions: Iterable[TopicList]) -> None:
        by_topic: dict[str, list[TopicList]] = {}
        for version in sorted(versions, key=lambda one: one.id):
            by_topic.setdefault(version.topic, []).append(version)
        self._by_topic = by_topic

    def at(self, moment: datetime) -> list[TopicList]:
        """The lists that held at a moment, of topics that were in use then."""
        held = (_newest(versions, moment) for versions in self._by_topic.values())
        return [one for one in held if one is not None and one.active]

    def found_in(
        self, published_at: datetime, hashtags: Sequence[str], text: str | None
    ) -> set[Found]:
        """The topics of a post by the lists that held when it was published, each with its words."""
        return {found for one in self.at(published_at) for found in one.finds(hashtags, text)}


def _newest(versions: Sequence[TopicList], moment: datetime) -> TopicList | None:
    return next((one for one in reversed(versions) if one.valid_from <= moment), None)
