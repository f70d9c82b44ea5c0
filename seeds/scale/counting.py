"""What a person's life is worth: the engine's fold, for one who nobody undid or told late. Pure.

Deeds come in order of time and no two at once, so one pass says what the fold would: a key counts with
its first deed, the k-th key of a window earns the k-th step. Rules, steps and windows are the rulebook's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from scoring.rules import Rule, Rulebook
from seeds.scale.days import Days
from seeds.scale.deed import Deed, Life
from seeds.scale.names import account_key, credit, dashed, native

ANSWERING = ("reply", "quote")


class Earned(NamedTuple):
    """Points of one key: an entry of the ledger."""

    deed: Deed
    rule: Rule
    window: str
    key: bytes
    points: int


class Answer(NamedTuple):
    """Somebody outside answered on a local day, by its number."""

    actor: bytes
    day: int
    at: int


class Sum(NamedTuple):
    """A person's value on a board; `starts_on` in days since 2000, `at` when it was last raised."""

    metric: str
    period: str
    starts_on: int
    value: int
    day: int


class Worth(NamedTuple):
    """What a life comes to."""

    earned: list[Earned]
    answers: list[Answer]
    sums: list[Sum]


class Counting:
    """Counts lives under one rulebook in one time zone. Rules that ask for topics find none here."""

    def __init__(self, book: Rulebook, days: Days) -> None:
        self._days = days
        self._rules: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        for rule in book.rules.values():
            if rule.topics is None and "topic" not in rule.credit and _here(rule):
                for kind in rule.kinds:
                    self._rules[rule.relation.value, kind.value].append(rule)

    def worth(self, life: Life) -> Worth:
        """Entries, answers and totals of a person."""
        days, rules = self._days, self._rules
        counted: set[tuple[object, ...]] = set()
        filled: dict[tuple[str, object], int] = defaultdict(int)
        earned: list[Earned] = []
        answers: list[Answer] = []
        answered: set[tuple[bytes, int]] = set()
        points: dict[int, int] = defaultdict(int)
        shared: dict[int, int] = defaultdict(int)
        for deed in life.deeds:
            if not deed.counts:
                continue
            day = days.of(deed.at)
            about = deed.name if deed.kind == "post" else deed.post
            for rule in rules.get((deed.relation, deed.kind), ()):
                window: object = about if rule.per == "post" else days.windows[rule.per][day]
                key = (rule.name, *(_part(part, deed, about, day) for part in rule.credit))
                if rule.repeats:
                    key = (*key, window)
                if key in counted:
                    continue
                counted.add(key)
                place = filled[rule.name, window]
                filled[rule.name, window] = place + 1
                if place < rule.capacity and (worth := rule.ladder[place]):
                    earned.append(self._earned(deed, rule, about, day, worth))
                    points[day] += worth
                    if deed.relation == "reshared":
                        shared[day] += 1
            answers_you = deed.relation == "earned" and deed.kind in ANSWERING
            if answers_you and (deed.actor, day) not in answered:
                answered.add((deed.actor, day))
                answers.append(Answer(deed.actor, day, deed.at))
        sums = [
            *self._summed("points", points),
            *self._summed("shared", shared),
            *self._summed("followers", self._gained(life)),
            *self._different(answers),
        ]
        return Worth(earned, answers, sums)

    def _earned(self, deed: Deed, rule: Rule, about: bytes | None, day: int, points: int) -> Earned:
        if rule.per == "post":
            window = "post:" + ("" if about is None else native(about).hex())
        else:
            window = self._days.windows[rule.per][day]
        parts = [self._said(part, deed, about, day) for part in rule.credit]
        return Earned(deed, rule, window, credit(parts), points)

    def _said(self, part: str, deed: Deed, about: bytes | None, day: int) -> str:
        match part:
            case "actor":
                return dashed(account_key(deed.actor))
            case "target":
                return "" if deed.target is None else dashed(account_key(deed.target))
            case "post":
                return "" if about is None else dashed(native(about))
            case "thread":
                thread = deed.thread or deed.post
                return "" if thread is None else dashed(native(thread))
            case "day":
                return self._days.names[day]
        return "standard"

    def _gained(self, life: Life) -> dict[int, int]:
        gained: dict[int, int] = defaultdict(int)
        for before, count in zip(life.counts, life.counts[1:], strict=False):
            gained[self._days.of(count.at)] += count.followers - before.followers
        return gained

    def _summed(self, metric: str, by_day: dict[int, int]) -> Iterator[Sum]:
        """A metric that adds up over days, for every period."""
        for period, firsts in self._days.firsts.items():
            found: dict[int, list[int]] = {}
            for day, value in by_day.items():
                if (first := firsts.get(day)) is not None:
                    one = found.setdefault(first, [0, day])
                    one[0] += value
                    one[1] = max(one[1], day)
            for first, (value, day) in found.items():
                if value:
                    yield Sum(metric, period, first, value, day)

    def _different(self, answers: list[Answer]) -> Iterator[Sum]:
        """Different people who answered, for every period."""
        for period, firsts in self._days.firsts.items():
            found: dict[int, tuple[set[bytes], int]] = {}
            for actor, day, _ in answers:
                if (first := firsts.get(day)) is not None:
                    people, last = found.get(first, (set(), 0))
                    people.add(actor)
                    found[first] = (people, max(last, day))
            for first, (people, day) in found.items():
                yield Sum("responses", period, first, len(people), day)


def _here(rule: Rule) -> bool:
    return rule.platforms is None or "standard" in rule.platforms


def _part(part: str, deed: Deed, about: bytes | None, day: int) -> object:
    """A part of a key, as short as tells keys of one person apart."""
    match part:
        case "actor":
            return deed.actor
        case "target":
            return deed.target
        case "post":
            return about
        case "thread":
            return deed.thread or deed.post
        case "day":
            return day
    return None
