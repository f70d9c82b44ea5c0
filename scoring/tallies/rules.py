"""The rules by which a contest counts: the charter's rulebook, or one rule over the whole contest. Pure.

Law: a rule of a contest sees the contest's networks and no others.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from scoring.books import Books, Ruling
from scoring.facts import Kind
from scoring.relation import Relation
from scoring.rules import Rule, Rulebook, Window, read_rulebook
from scoring.tallies.terms import CountingTerms

# More than any contest of people has; it bounds what a figure of millions may claim.
MOST_ANSWERS = 100_000
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_ANSWERED = frozenset({Kind.REPLY, Kind.QUOTE})


class OneWindow(Books):
    """One rule whose window is a stretch of time of its own, instead of a calendar's."""

    def __init__(self, rule: Rule, start_at: datetime, end_at: datetime, zone: ZoneInfo) -> None:
        super().__init__([Rulebook(0, rule.name, _EVER, _EVER, {rule.name: rule})], zone)
        self.window = Window("contest", start_at, end_at)
        self._ruling = rule, self.window, self.versions[0]
        self._start_at, self._end_at = start_at, end_at

    @property
    def only(self) -> Ruling:
        """The rule with its window."""
        return self._ruling

    def ruling(
        self, name: str, at: datetime, post: str | None, published_at: datetime | None
    ) -> Ruling | None:
        """The rule, for any moment in its window."""
        return self._ruling if self._start_at <= at < self._end_at else None


def answers_rule(terms: CountingTerms) -> Rule:
    """People outside who reply or quote; what counts once is for the metric to say.

    It repeats, because who answered before the contest may answer in it.
    """
    return Rule(
        name=terms.metric,
        label=terms.metric,
        relation=Relation.EARNED,
        kinds=_ANSWERED,
        platforms=terms.platforms,
        topics=None,
        credit=terms.contest.credit,
        per="contest",
        steps=((MOST_ANSWERS, 1),),
        repeats=True,
    )


@lru_cache(maxsize=64)  # a charter is counted again and again
def charter_books(toml: str, platforms: frozenset[str], zone: ZoneInfo) -> Books:
    """The charter's rulebook as the only version there ever was, for these networks alone."""
    book = read_rulebook(toml)
    rules = {
        name: replace(
            rule, platforms=platforms if rule.platforms is None else rule.platforms & platforms
        )
        for name, rule in book.rules.items()
    }
    return Books([replace(book, rules=rules)], zone)
