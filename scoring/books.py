"""Which rulebook rules which window. Pure.

Law: the version in force at a window's start rules that window whole; of several versions that hold
at a moment the one recorded last speaks (a correction is recorded now and valid from the past).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from scoring.facts import Kind
from scoring.periods import Period, bounds, starts_on
from scoring.relation import Relation
from scoring.rules import Rule, Rulebook, Window

Ruling = tuple[Rule, Window, Rulebook]


class Books:
    """All versions of the rulebook, and the rule of a name that governs a moment."""

    def __init__(self, versions: Iterable[Rulebook], zone: ZoneInfo) -> None:
        self.versions: Sequence[Rulebook] = sorted(
            versions, key=lambda book: (book.recorded_at, book.id)
        )
        self.zone = zone
        self._names: dict[tuple[Relation, Kind], tuple[str, ...]] = {}

    @cached_property
    def rule_names(self) -> tuple[str, ...]:
        """Every name a rule ever had, in a stable order."""
        names: dict[str, None] = {}
        for book in self.versions:
            names.update(dict.fromkeys(book.rules))
        return tuple(names)

    def names_for(self, relation: Relation, kind: Kind) -> tuple[str, ...]:
        """The names of rules that in some version look for such a deed."""
        found = self._names.get((relation, kind))
        if found is None:
            found = self._names[relation, kind] = tuple(
                name
                for name in self.rule_names
                if any(
                    rule.relation is relation and kind in rule.kinds
                    for rule in (book.rules.get(name) for book in self.versions)
                    if rule is not None
                )
            )
        return found

    def kinds_of(self, name: str) -> frozenset[Kind]:
        """The kinds of deeds that rules of this name look for, in any version."""
        rules = (book.rules.get(name) for book in self.versions)
        return frozenset(kind for rule in rules if rule is not None for kind in rule.kinds)

    def capacity_of(self, name: str) -> int:
        """How many keys a window of this rule can pay, in the most generous version."""
        rules = (book.rules.get(name) for book in self.versions)
        return max((rule.capacity for rule in rules if rule is not None), default=0)

    def in_force(self, at: datetime) -> Rulebook | None:
        """The version that holds at a moment; None before the first."""
        for book in reversed(self.versions):
            if book.valid_from <= at:
                return book
        return None

    def coming(self, now: datetime) -> list[Rulebook]:
        """The versions that will hold from a moment to come, the first to hold first.

        One that was recorded later and holds by then leaves no moment to one recorded before it.
        """
        held = [
            book
            for book in self.versions
            if book.valid_from > now and self.in_force(book.valid_from) is book
        ]
        return sorted(held, key=lambda book: book.valid_from)

    def ruling(
        self, name: str, at: datetime, post: str | None, published_at: datetime | None
    ) -> Ruling | None:
        """The rule of this name that governs a deed, with its window and version.

        `published_at` is when the post was published, for rules that count per post; unknown
        means the first version rules. Where a change of `per` leaves a moment between an old
        window and the first whole new one, the old version goes on until the new window starts.
        """
        if len(self.versions) == 1:  # nearly every installation, nearly always
            book = self.versions[0]
            rule = book.rules.get(name)
            if rule is None:
                return None
            window = rule.window_at(at, post, self.zone)
            start_at = window.start_at or published_at
            held = start_at is None or book.valid_from <= start_at
            return (rule, window, book) if held else None
        started = list(self._started(name, at, post, published_at))
        if started:
            return min(started, key=lambda found: found[0])[1]
        return self._carried_over(name, at, post, published_at)

    def once_ruled(self, name: str, window_name: str, at: datetime) -> Ruling | None:
        """Any version's rule that has such windows, for one that no version rules any more."""
        per, _, post = window_name.partition(":")
        for book in reversed(self.versions):
            rule = book.rules.get(name)
            if rule is not None and rule.per == per:
                window = rule.window_at(at, post, self.zone)
                if window.name == window_name:
                    return rule, window, book
        return None

    def windows_within(self, name: str, start_at: datetime, end_at: datetime) -> list[Ruling]:
        """Every window of time that may rule a moment of [start_at, end_at) under a rule of this name.

        Rather too many than too few: `ruling` says which of them a deed falls into.
        """
        found: dict[str, Ruling] = {}
        for at in self._moments(start_at, end_at):
            for book in self.versions:
                rule = book.rules.get(name)
                if rule is not None and rule.per != "post":
                    window = rule.window_at(at, None, self.zone)
                    if window.start_at and self.in_force(window.start_at) is book:
                        found.setdefault(window.name, (rule, window, book))
            for carried in self._carried_over_by_any(name, at):
                found.setdefault(carried[1].name, carried)
        return list(found.values())

    def _moments(self, start_at: datetime, end_at: datetime) -> Iterable[datetime]:
        """Every moment of [start_at, end_at) from which on another window may rule: a midnight of the
        company's zone, for no window is shorter than a day, and when a version begins to hold."""
        at = start_at
        while at < end_at:
            yield at
            at = bounds(Period.DAY, starts_on(Period.DAY, at, self.zone), self.zone)[1]
        yield from (
            book.valid_from for book in self.versions if start_at < book.valid_from < end_at
        )

    def _carried_over_by_any(self, name: str, at: datetime) -> Iterable[Ruling]:
        """What a moment may be carried over into. Where the rule in force counts per post, that hangs on
        when the post was published, which a network may say to be later than what was done to it: then
        every other version's window, the latest first."""
        current = self.in_force(at)
        rule = current.rules.get(name) if current else None
        if rule is None or rule.per != "post":
            carried = self._carried_over(name, at, None, None)
            return [carried] if carried is not None else []
        return [
            (old, old.window_at(at, None, self.zone), book)
            for book in reversed(self.versions)
            if (old := book.rules.get(name)) is not None and old.per != "post"
        ]

    def rules_per_post(self, name: str) -> list[tuple[Rule, Rulebook]]:
        """The rules of this name that count per post, each with its version."""
        rules = ((book.rules.get(name), book) for book in self.versions)
        return [(rule, book) for rule, book in rules if rule is not None and rule.per == "post"]

    def post_ruling(
        self, rule: Rule, book: Rulebook, post: str | None, published_at: datetime | None
    ) -> Ruling | None:
        """A post's window under this rule, if its version was in force when the post was published."""
        if self.in_force(published_at or self.versions[0].valid_from) is not book:
            return None
        return rule, Window(f"post:{post or ''}", None, None), book

    def _started(
        self, name: str, at: datetime, post: str | None, published_at: datetime | None
    ) -> Iterable[tuple[datetime, Ruling]]:
        for book in self.versions:
            rule = book.rules.get(name)
            if rule is None:
                continue
            window = rule.window_at(at, post, self.zone)
            start_at = window.start_at or published_at or self.versions[0].valid_from
            if self.in_force(start_at) is book:
                yield start_at, (rule, window, book)

    def _carried_over(
        self, name: str, at: datetime, post: str | None, published_at: datetime | None
    ) -> Ruling | None:
        current = self.in_force(at)
        rule = current.rules.get(name) if current else None
        if current is None or rule is None:
            return None
        start_at = rule.window_at(at, post, self.zone).start_at or published_at
        before = self.in_force(start_at) if start_at else None
        old = before.rules.get(name) if before else None
        if before is None or old is None or old.per == "post":
            return None
        return old, old.window_at(at, post, self.zone), before
