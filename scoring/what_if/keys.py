"""The keys of some people while they are collected, and what they come to. Pure.

Laws: a key of a rule that does not repeat counts in the window of its earliest deed alone; what a window
comes to is what its steps pay in order of (moment, key), as everywhere (`fold.climbed`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from scoring.books import Ruling
from scoring.fold import climbed
from scoring.rules import Rule
from scoring.sameness import can_recur

Key: TypeAlias = tuple[object, ...]
Line: TypeAlias = tuple[str, str, int]  # rule, window, moment
First: TypeAlias = tuple[int, bytes]  # the moment of a key's earliest deed, and that deed


@dataclass(slots=True)
class Window:
    """One person's window: the first deed of every key, and the moments that figures add."""

    rule: Rule
    keys: dict[Key, First] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Keys:
    """All windows of some people, by person, rule and window."""

    windows: dict[tuple[int, str, str], Window] = field(default_factory=dict)
    # Of deeds that a figure stands for: they count by it, and yet make a later deed no first.
    elsewhere: dict[tuple[int, str], dict[Key, First]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def window(self, person: int, ruling: Ruling) -> Window:
        """A person's window under a ruling."""
        rule, window, _ = ruling
        identity = person, rule.name, window.name
        found = self.windows.get(identity)
        if found is None:
            found = self.windows[identity] = Window(rule)
        return found

    def settle(self) -> None:
        """Leave every key that may count once to the window of its earliest deed."""
        first: dict[tuple[int, str], dict[Key, First]] = {
            whose: dict(keys) for whose, keys in self.elsewhere.items()
        }
        once = [
            (identity, window)
            for identity, window in self.windows.items()
            if can_recur(window.rule)
        ]
        recurring = {(person, name) for (person, name, _), _ in once}
        for (person, name, _), window in self.windows.items():
            if (person, name) in recurring:
                known = first.setdefault((person, name), {})
                for key, one in window.keys.items():
                    keep_first(known, key, one)
        for (person, name, _), window in once:
            known = first[person, name]
            later = [key for key, one in window.keys.items() if known[key] < one]
            for key in later:
                del window.keys[key]

    def lines(self, person: int, start: int, end: int) -> dict[Line, int]:
        """What one person's windows pay at every moment in [start, end)."""
        found: dict[Line, int] = defaultdict(int)
        for (whose, name, window_name), window in self.windows.items():
            if whose == person:
                for _, at, points in climbed(window.rule, sorted(_moments(window))):
                    if start <= at < end:
                        found[name, window_name, at] += points
        return found

    def worth(self, start: int, end: int) -> Mapping[tuple[int, str], int]:
        """(person, rule) → the points of moments in [start, end)."""
        found: dict[tuple[int, str], int] = defaultdict(int)
        for (person, name, _), window in self.windows.items():
            found[person, name] += sum(
                points
                for _, at, points in climbed(window.rule, sorted(_moments(window)))
                if start <= at < end
            )
        return found


def _moments(window: Window) -> Iterator[int]:
    # Of keys at one moment it is all the same which comes first: they earn the same steps there.
    yield from (at for at, _ in window.keys.values())
    yield from window.counts


def keep_first(known: dict[Key, First], key: Key, one: First) -> None:
    """Keep the earliest deed of a key."""
    before = known.get(key)
    if before is None or one < before:
        known[key] = one
