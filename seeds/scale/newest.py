"""What happens next in the large company: batches that arrive at once, whatever lies behind them. Pure.

Who gets something is as uneven as ever; a third of those who come have come before, where there was a before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from seeds.scale.days import stamp
from seeds.scale.deed import Deed, account_of, told_deed
from seeds.scale.size import Size

_POSTS = 3000  # people who write something that the batches are about
_REGULARS, _CIRCLE = 0.35, 5
# What somebody does who comes to a post, cumulated; the rest answers somebody.
_MIX = ((0.57, "reaction"), (0.76, "reply"), (0.85, "reshare"), (0.87, "quote"), (0.93, "follow"),
        (0.96, "mention"))  # fmt: skip


class Newest:
    """Posts of a few thousand people, and any number of deeds about them; others in every series."""

    def __init__(self, size: Size, tag: str, series: int = 0) -> None:
        self._size, self._tag, self._series = size, tag, series
        self._rng = Random(size.seed * 1000 + series)
        most = min(_POSTS, size.people)
        people = {size.somebody(self._rng.random()) for _ in range(most)}
        self._people = sorted(people)
        self._asked: list[tuple[bytes, bytes, int]] = []
        self._number = 0

    def posts(self, at: datetime) -> Iterator[bytes]:
        """A fresh post of each, as deliveries."""
        for person in self._people:
            me = account_of(person)
            deed = Deed(
                stamp(at), "post", self._post(person), me, None, None, None, "authored", True
            )
            yield told_deed(deed, self._tag)

    def bodies(self, count: int, from_at: datetime, to_at: datetime) -> Iterator[bytes]:
        """The next deeds, in order of time between two moments, as deliveries."""
        step = (to_at - from_at) / max(count, 1)
        for n in range(count):
            yield told_deed(self._deed(stamp(from_at + step * n) // 1000 * 1000))

    def _deed(self, at: int) -> Deed:
        rng = self._rng
        self._number += 1
        name = b"new-%d-%d" % (self._series, self._number)
        person = self._people[int(rng.random() ** 2 * len(self._people))]
        me, post = account_of(person), self._post(person)
        if rng.random() < _REGULARS:
            actor = b"fan-%d-%d" % (person, int(rng.random() ** 2 * _CIRCLE))
        else:
            actor = b"outsider-%d" % int(rng.random() * self._size.crowd)
        chance = rng.random()
        kind = next((kind for upto, kind in _MIX if chance < upto), "")
        if not kind:
            if not self._asked:
                kind = "reply"
            else:
                asked, asker, person = rng.choice(self._asked)
                return Deed(at, "reply", name, account_of(person), asker, asked,
                            self._post(person), "conversed", True)  # fmt: skip
        if kind == "reply":
            self._asked = [*self._asked[-300:], (name, actor, person)]
        on = None if kind in ("follow", "mention") else post
        thread = post if kind == "reply" else None
        return Deed(at, kind, name, actor, me, on, thread, "earned", True)

    def _post(self, person: int) -> bytes:
        return b"fresh-%d-%d" % (self._series, person)
