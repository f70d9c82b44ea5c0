"""Brackets as typed. Pure.

Law: the brackets of a charter hold every audience exactly once, without a gap or an overlap.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from rewards.contests.charter import Bracket
from rewards.contests.form.typed import Typed

EVERYBODY: Final = Bracket(name="Everybody", at_least=0, below=None)
MOST_BRACKETS: Final = 12
MOST_FOLLOWERS: Final = 10**12


def read_brackets(typed: Typed) -> tuple[Bracket, ...]:
    """The brackets of a form; everybody together where it divides nobody or cannot be used."""
    value = typed.value("brackets") or "none"
    if value == "none":
        return (EVERYBODY,)
    if value == "custom":
        return _custom(typed)
    preset = re.fullmatch(r"audience:(\d{1,12}(?:,\d{1,12})*)", value)
    bounds = [int(bound) for bound in preset[1].split(",")] if preset else []
    if (
        not bounds
        or bounds != sorted(set(bounds))
        or bounds[0] == 0
        or len(bounds) >= MOST_BRACKETS
    ):
        typed.wrong("brackets", "Choose one of the ways to divide people.")
        return (EVERYBODY,)
    return by_audience(bounds)


def by_audience(bounds: list[int]) -> tuple[Bracket, ...]:
    """Brackets between these follower counts: under the first, …, from the last on."""
    first = Bracket(name=f"Under {bounds[0]:,}", at_least=0, below=bounds[0])
    middle = [
        Bracket(name=f"{low:,} to under {high:,}", at_least=low, below=high)
        for low, high in pairwise(bounds)
    ]
    last = Bracket(name=f"{bounds[-1]:,} and more", at_least=bounds[-1], below=None)
    return (first, *middle, last)


def _custom(typed: Typed) -> tuple[Bracket, ...]:
    found: list[tuple[int, Bracket]] = []
    for line in range(1, MOST_BRACKETS + 1):
        prefix = f"bracket_{line}_"
        if not any(typed.value(prefix + name) for name in ("name", "from", "below")):
            continue
        name = typed.text(prefix + "name", ask="Give the bracket a name, such as “Small”.", most=40)
        at_least = typed.number(
            prefix + "from", least=0, most=MOST_FOLLOWERS, what="the fewest followers", default=0
        )
        below = typed.maybe(
            prefix + "below", least=1, most=MOST_FOLLOWERS, what="a number of followers"
        )
        found.append((line, Bracket(name=name, at_least=at_least or 0, below=below)))
    if not found:
        typed.wrong("brackets", "Write at least one bracket, or choose “All together”.")
        return (EVERYBODY,)
    found.sort(key=lambda one: (one[1].at_least, one[0]))
    _check(typed, found)
    if any(field.startswith("bracket") for field in typed.errors):
        return (EVERYBODY,)
    return tuple(bracket for _, bracket in found)


def _check(typed: Typed, found: list[tuple[int, Bracket]]) -> None:
    names = [bracket.name.casefold() for _, bracket in found]
    for number, (line, bracket) in enumerate(found):
        if names.index(bracket.name.casefold()) < number:
            typed.wrong(f"bracket_{line}_name", "Another bracket has this name already.")
        if bracket.below is not None and bracket.below <= bracket.at_least:
            typed.wrong(
                f"bracket_{line}_below", f"Write more than {bracket.at_least:,}, where it begins."
            )
    line, first = found[0]
    if first.at_least != 0:
        typed.wrong(
            f"bracket_{line}_from",
            f"People with fewer than {first.at_least:,} followers would be in no bracket: begin at 0.",
        )
    for (low_line, low), (line, high) in pairwise(found):
        if low.below is None:
            typed.wrong(
                f"bracket_{low_line}_below",
                f"“{low.name}” has no end and overlaps “{high.name}”: end it at {high.at_least:,}.",
            )
        elif low.below < high.at_least:
            typed.wrong(
                f"bracket_{line}_from",
                f"People with {low.below:,} to {high.at_least - 1:,} followers would be in no "
                f"bracket: begin at {low.below:,}.",
            )
        elif low.below > high.at_least:
            typed.wrong(
                f"bracket_{line}_from",
                f"This overlaps “{low.name}”, which goes up to {low.below:,}: begin there.",
            )
    line, last = found[-1]
    if last.below is not None:
        typed.wrong(
            f"bracket_{line}_below",
            f"People with {last.below:,} followers and more would be in no bracket: leave this empty.",
        )
