"""What a draft asks for: which rules are counted anew, from when on deeds are read for them, and how a
moment is ruled. Pure, and the same for everybody.

Law: what is left out cannot matter. A rule that is the same in every version there is and in the draft
gives what stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property

from scoring.books import Books, Ruling
from scoring.facts import Kind
from scoring.figure_claims import takes_figures
from scoring.periods import Period, bounds, starts_on
from scoring.relation import BY_ACTOR, BY_TARGET, Relation
from scoring.rules import Rule
from scoring.sameness import can_recur
from scoring.what_if.rows import moment_of, number_of

_SIDES = {
    "target": BY_TARGET,
    "actor": BY_ACTOR,
    "post": frozenset({Relation.ECHO}),
}
_MANY = frozenset({Relation.EARNED, Relation.PEER})  # where one person meets many


def unchanged(stands: Books, draft: Books, first_at: datetime | None) -> frozenset[str]:
    """The names of rules that give under a draft what they gave.

    `first_at`: since when anybody takes part; nothing before it counts under any rules.
    """
    names = set(draft.rule_names) & set(stands.rule_names)
    return frozenset(name for name in names if _same(name, stands, draft, first_at))


def _same(name: str, stands: Books, draft: Books, first_at: datetime | None) -> bool:
    versions = [book.rules.get(name) for book in (*stands.versions, *draft.versions)]
    rule = versions[0]
    if rule is None or any(
        one is None or replace(one, label="") != replace(rule, label="") for one in versions
    ):
        return False
    begins = min(book.valid_from for book in stands.versions)
    if begins <= min(book.valid_from for book in draft.versions):
        return True
    if first_at is None or rule.per == "post":
        return False  # a post may be older than the oldest rules
    window = rule.window_at(first_at, None, draft.zone)
    return window.start_at is not None and begins <= window.start_at


class Draft:
    """A draft over the stretch [start_at, end_at), for the rules named."""

    def __init__(
        self, books: Books, names: Iterable[str], start_at: datetime, end_at: datetime
    ) -> None:
        self.books, self.names = books, frozenset(names)
        self.start_at, self.end_at = start_at, end_at
        self._from_at = {name: self._begins(name) for name in self.names}
        self._days: list[date] = []
        self._begins_at: list[int] = []
        self._cut()

    def _versions(self, name: str) -> list[Rule]:
        rules = (book.rules.get(name) for book in self.books.versions)
        return [rule for rule in rules if rule is not None]

    def _begins(self, name: str) -> datetime:
        """Where the first window begins that reaches into the stretch."""
        windows = self.books.windows_within(name, self.start_at, self.end_at)
        starts = (window.start_at for _, window, _ in windows)
        return min((at for at in starts if at is not None), default=self.start_at)

    def since(self, side: str) -> dict[Kind, datetime]:
        """From when on each kind is read on a side: of accounts acted on, acting, or of posts."""
        found: dict[Kind, datetime] = {}
        for name in self.names:
            if any(rule.relation in _SIDES[side] for rule in self._versions(name)):
                from_at = min(self._from_at[name], self.start_at)
                for kind in self.books.kinds_of(name):
                    found[kind] = min(from_at, found.get(kind, from_at))
        return found

    @cached_property
    def earliest_at(self) -> datetime:
        """Before what anything that is read is not of the stretch itself."""
        return min([self.start_at, *self._from_at.values()])

    @cached_property
    def of_posts(self) -> frozenset[Kind]:
        """Kinds of which everything done to a post is needed: it is the window, or part of the key."""
        return self._kinds(
            lambda rule: rule.per == "post" or (can_recur(rule) and "post" in rule.credit)
        )

    @cached_property
    def of_actors(self) -> frozenset[Kind]:
        """Kinds of which everything is needed that somebody ever did to a person."""
        return self._kinds(
            lambda rule: can_recur(rule) and _is_of_actors(rule) and "post" not in rule.credit
        )

    @cached_property
    def of_targets(self) -> frozenset[Kind]:
        """Kinds of which everything is needed that a person ever did to somebody."""
        return self._kinds(
            lambda rule: can_recur(rule) and _is_of_targets(rule) and "post" not in rule.credit
        )

    def until(self, kinds: Iterable[Kind]) -> dict[Kind, datetime]:
        """Up to when each of these kinds lies before what is read of the stretch."""
        sides = [self.since(side) for side in _SIDES]
        return {kind: max(since[kind] for since in sides if kind in since) for kind in kinds}

    def _kinds(self, asks: Callable[[Rule], bool]) -> frozenset[Kind]:
        return frozenset(
            kind
            for name in self.names
            if any(asks(rule) for rule in self._versions(name))
            for kind in self.books.kinds_of(name)
        )

    def asked_one_by_one(self, rule: Rule) -> bool:
        """Whether what may stand behind a key of this rule before is found by no reading in bulk."""
        return can_recur(rule) and not (
            "post" in rule.credit or _is_of_actors(rule) or _is_of_targets(rule)
        )

    @cached_property
    def per_post(self) -> frozenset[str]:
        """The rules that count per post in some version."""
        return frozenset(
            name for name in self.names if any(r.per == "post" for r in self._versions(name))
        )

    @cached_property
    def with_figures(self) -> dict[str, Rule]:
        """The rules for which nameless counts stand in."""
        return {
            name: rule
            for name in self.names
            for rule in self._versions(name)
            if takes_figures(rule)
        }

    # Time --------------------------------------------------------------------------------------------

    def _cut(self) -> None:
        """Into pieces in which every rule rules the same window: days, and where a version begins."""
        zone, at = self.books.zone, self.earliest_at
        cuts = {number_of(at)}
        while at < self.end_at:
            at = bounds(Period.DAY, starts_on(Period.DAY, at, zone), zone)[1]
            cuts.add(number_of(at))
        begun = (book.valid_from for book in self.books.versions)
        cuts |= {number_of(one) for one in begun if self.earliest_at < one < self.end_at}
        self._begins_at = sorted(cuts)
        self._days = [self.day_of(moment_of(cut)) for cut in self._begins_at]
        self._rulings: dict[tuple[str, int], Ruling | None] = {}

    def piece(self, at: int) -> int:
        """The piece of time that holds a moment; below 0 what lies before the stretch's windows."""
        return bisect_right(self._begins_at, at) - 1

    def day(self, piece: int, at: int) -> date:
        """The company's day of a moment in a piece."""
        return self._days[piece] if piece >= 0 else self.day_of(moment_of(at))

    def day_of(self, at: datetime) -> date:
        """The company's day."""
        return at.astimezone(self.books.zone).date()

    def ruling(self, name: str, piece: int, at: int) -> Ruling | None:
        """What rules a moment under a rule that never counts per post."""
        if piece < 0:
            return self.books.ruling(name, moment_of(at), None, None)
        key = name, piece
        if key not in self._rulings:
            begins = moment_of(self._begins_at[piece])
            self._rulings[key] = self.books.ruling(name, begins, None, None)
        return self._rulings[key]


def _is_of_actors(rule: Rule) -> bool:
    return rule.relation in _MANY and "actor" in rule.credit


def _is_of_targets(rule: Rule) -> bool:
    return rule.relation in BY_ACTOR and "target" in rule.credit
