"""What happened around one person in two years: posts, and who came to each of them. Pure.

Most posts bring a handful of people within a day or two; some bring hundreds; those who came before come
again. Nothing here hangs on anybody else.
"""

from __future__ import annotations

from math import log
from random import Random

from seeds.scale.days import DAY, HOUR, SECOND, stamp
from seeds.scale.deed import COMPANYS, Count, Deed, Life, account_of
from seeds.scale.size import DAYS, Size

_LATER = 10 * HOUR  # how long after a post somebody comes, on average
_MILLI = 1000
_HEAVY = 1.1  # how many come to a post: Pareto's exponent
_LEAST, _MOST = 6.0, 3000
_REGULARS = 0.35  # of those who come
_DISCLOSED = 0.6
_STORIES = 400
# What somebody does who comes to a post, cumulated.
_REACTS, _REPLIES, _RESHARES, _QUOTES, _FOLLOWS, _MENTIONS = 0.60, 0.79, 0.88, 0.90, 0.96, 1.0
_ANSWERED = 0.25  # of replies, by the person
_COMPANY, _STORY = 0.02, 0.03  # a post is reshared by the company, a story shared beside it


def live(size: Size, person: int) -> Life:
    """A person's life; the same for the same size and person."""
    return _Living(size, person).life()


class _Living:
    """One person while their life is being told."""

    def __init__(self, size: Size, person: int) -> None:
        self._size, self._person = size, person
        self._rng = Random(size.seed * 1_000_003 + person)
        self._me = account_of(person)
        self._begin = stamp(size.begins_at)
        self._end = stamp(size.now) - 2 * HOUR
        self._every = person % 2 == 1
        self._deeds: list[Deed] = []
        self._disclosed: set[bytes] = set()
        self._number = 0

    def life(self) -> Life:
        """All of it, in order of time; no two things at one moment."""
        left = self._size.deeds_of(self._person)
        self._circle = 3 + int(left**0.6)
        if viral := self._size.viral.get(self._person, 0):
            self._post(viral, viral)
        while left > 0:
            come = int(_LEAST / (1.0 - self._rng.random()) ** (1 / _HEAVY))
            left -= self._post(left, min(come, _MOST))
        self._deeds.sort()
        deeds, last = [], 0
        for deed in self._deeds:
            if deed.at <= last:
                deed = deed._replace(at=last + _MILLI)
            last = deed.at
            deeds.append(deed)
        return Life(self._person, self._every, deeds, frozenset(self._disclosed), self._counted())

    def _name(self) -> bytes:
        self._number += 1
        return b"d%d-%d" % (self._person, self._number)

    def _post(self, left: int, come: int) -> int:
        """A post and who came to it, within what is left; returns how many engagements that is."""
        rng, deeds = self._rng, self._deeds
        before = len(deeds)
        at = self._begin + int(rng.random() * DAYS * DAY) // _MILLI * _MILLI
        at = min(at, self._end - HOUR)
        name = b"p%d-%d" % (self._person, self._number)
        self._number += 1
        disclosed = rng.random() < _DISCLOSED
        if disclosed:
            self._disclosed.add(name)
        counts = self._every or disclosed
        deeds.append(Deed(at, "post", name, self._me, None, None, None, "authored", counts))
        for _ in range(come):
            if len(deeds) - before >= left:
                break
            self._somebody(at, name, counts)
        chance = rng.random()
        if len(deeds) - before < left:
            if chance < _COMPANY and counts:
                when = self._after(at)
                deeds.append(Deed(when, "reshare", self._name(), COMPANYS, self._me, name, None,
                                  "reshared", True))  # fmt: skip
            elif chance < _COMPANY + _STORY:
                story = b"story-%d" % rng.randrange(_STORIES)
                deeds.append(Deed(self._after(at), "reshare", self._name(), self._me, COMPANYS,
                                  story, None, "shared", True))  # fmt: skip
        return len(deeds) - before

    def _after(self, at: int) -> int:
        """A while after a moment, in whole milliseconds, before the history ends."""
        later = at + SECOND + int(-log(1.0 - self._rng.random()) * _LATER) // _MILLI * _MILLI
        return (
            later
            if later < self._end
            else self._end - int(self._rng.random() * HOUR) // 1000 * 1000
        )

    def _somebody(self, at: int, post: bytes, counts: bool) -> None:
        rng, me, deeds = self._rng, self._me, self._deeds
        when = self._after(at)
        chance = rng.random()
        if rng.random() < _REGULARS:
            actor = b"fan-%d-%d" % (self._person, int(rng.random() ** 2 * self._circle))
        else:
            actor = b"outsider-%d" % int(rng.random() * self._size.crowd)
        name = self._name()
        if chance < _REACTS:
            deeds.append(Deed(when, "reaction", name, actor, me, post, None, "earned", counts))
        elif chance < _REPLIES:
            deeds.append(Deed(when, "reply", name, actor, me, post, post, "earned", counts))
            if rng.random() < _ANSWERED:
                deeds.append(Deed(max(self._after(when), when + 1000), "reply", self._name(), me,
                                  actor, name, post, "conversed", counts))  # fmt: skip
        elif chance < _RESHARES:
            deeds.append(Deed(when, "reshare", name, actor, me, post, None, "earned", counts))
        elif chance < _QUOTES:
            deeds.append(Deed(when, "quote", name, actor, me, post, None, "earned", counts))
        elif chance < _FOLLOWS:
            deeds.append(Deed(when, "follow", name, actor, me, None, None, "earned", True))
        else:
            deeds.append(Deed(when, "mention", name, actor, me, None, None, "earned", True))

    def _counted(self) -> list[Count]:
        """Followers when it began, in between and lately; never fewer than before."""
        rng = self._rng
        followers = 20 + int(rng.random() ** 3 * 5000)
        whole = self._end - self._begin
        found = []
        for share in (0.0, rng.random() * 0.9, 0.96 + rng.random() * 0.04):
            at = self._begin + int(whole * share) // _MILLI * _MILLI
            found.append(Count(at, followers))
            followers += 1 + int(rng.random() ** 2 * 60)
        return found
