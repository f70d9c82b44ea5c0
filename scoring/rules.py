"""Rules and rulebooks: match, credit key, window, steps. Pure.

Law: a rulebook that is read is complete and bounded; what is wrong in one is said with the rule's name.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from scoring.facts import Kind
from scoring.periods import NamedSeason, Period, bounds, first_day, named_seasons
from scoring.platforms import unrewarded
from scoring.relation import Relation

CREDIT_PARTS = ("actor", "target", "post", "thread", "topic", "day", "platform")
PER = ("day", "week", "month", "season", "post")
MAX_POINTS = 1_000  # of one step: more would make a single deed decide a month
MAX_STEPS = 500  # keys a window can hold: what one fold may have to read
MAX_RULES = 100  # more, and nobody can say any longer what counts
# A key of a.b.c… costs the square of its parts to read: forty thousand of them take a process a minute.
MAX_DOTS = 100
MAX_LABEL = 200  # letters of what is shown as one line
_KEYS = {"name", "label", "when", "credit", "per", "steps", "repeat"}
_WHEN_KEYS = {"relation", "kind", "platform", "topic"}
_Words = TypeVar("_Words", bound=StrEnum)


class RulebookInvalid(ValueError):
    """A rulebook cannot be used; the message names the rule and the mistake."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time (or one post) over which the steps of a rule count."""

    name: str  # "week:2026-11-16" or "post:<id>"
    start_at: datetime | None  # None for a post: no bounds in time
    end_at: datetime | None


@dataclass(frozen=True)
class Rule:
    """One way to earn points."""

    name: str
    label: str
    relation: Relation
    kinds: frozenset[Kind]
    platforms: frozenset[str] | None
    topics: frozenset[str] | None
    credit: tuple[str, ...]
    per: str
    steps: tuple[tuple[int, int], ...]
    repeats: bool

    @cached_property
    def capacity(self) -> int:
        """How many keys a window can pay."""
        return len(self.ladder)

    @cached_property
    def ladder(self) -> tuple[int, ...]:
        """Points of every place in a window, from the first on."""
        return tuple(points for count, points in self.steps for _ in range(count))

    def points_of(self, place: int) -> int:
        """Points of the key at `place` (from 0) in its window; 0 beyond the steps."""
        return self.ladder[place] if place < len(self.ladder) else 0

    def takes(self, platform: str) -> bool:
        """Whether facts of that network can count; of one that forbids all rewards none can."""
        if platform in unrewarded():
            return False
        return self.platforms is None or platform in self.platforms

    def window_at(self, at: datetime, post: str | None, zone: ZoneInfo) -> Window:
        """The window of this rule that holds a moment (or a post)."""
        if self.per == "post":
            return Window(f"post:{post or ''}", None, None)
        calendar = named_seasons() if self.per == "season" else ()
        return _time_window(self.per, at.astimezone(zone).date(), zone, calendar)


@lru_cache(maxsize=16384)  # asked several times a deed, and a year has 365 days
def _time_window(per: str, day: date, zone: ZoneInfo, calendar: tuple[NamedSeason, ...]) -> Window:
    # `calendar` is what the answer hangs on besides: another one is another answer.
    period = Period(per)
    begin = first_day(period, day)
    start_at, end_at = bounds(period, begin, zone)
    return Window(f"{per}:{begin.isoformat()}", start_at, end_at)


@dataclass(frozen=True)
class Rulebook:
    """A version of the rules with the moment from which it holds."""

    id: int
    name: str
    valid_from: datetime
    recorded_at: datetime
    rules: dict[str, Rule]


def _rule(raw: Any, position: int) -> Rule:
    if not isinstance(raw, dict):
        raise RulebookInvalid(f"rule {position}: a rule is a table of settings")
    where = f"rule {position}" if not isinstance(raw.get("name"), str) else f"rule «{raw['name']}»"

    def fail(words: str) -> RulebookInvalid:
        return RulebookInvalid(f"{where}: {words}")

    if unknown := raw.keys() - _KEYS:
        raise fail(f"unknown setting {', '.join(sorted(unknown))}")
    if missing := {"name", "when", "credit", "per", "steps"} - raw.keys():
        raise fail(f"missing {', '.join(sorted(missing))}")
    name, when, steps = raw["name"], raw["when"], raw["steps"]
    if not isinstance(name, str) or not name.isidentifier() or not _is_line(name):
        raise fail("name must be one word of letters, digits and underscores")
    if not isinstance(when, dict) or when.keys() - _WHEN_KEYS or "relation" not in when:
        raise fail(f"when takes relation and optionally {', '.join(sorted(_WHEN_KEYS))}")
    relation = _word(Relation, when["relation"])
    if relation is None:
        raise fail(f"{when['relation']!r:.80} is no relation; take one of {', '.join(Relation)}")
    asked = _listed(when.get("kind", list(Kind)))
    kinds = [_word(Kind, kind) for kind in asked]
    if None in kinds:
        wrong = asked[kinds.index(None)]
        raise fail(f"{wrong!r:.80} is no kind; take one or several of {', '.join(Kind)}")
    named = [
        raw.get("label", ""),
        *_listed(when.get("platform", [])),
        *_listed(when.get("topic", [])),
    ]
    if not all(isinstance(words, str) and _is_line(words) for words in named):
        raise fail("label, platform and topic are lines of text")
    credit = tuple(str(raw["credit"]).split("+"))
    if not set(credit) <= set(CREDIT_PARTS) or len(set(credit)) != len(credit):
        raise fail(f"credit is made of {', '.join(CREDIT_PARTS)} joined by +, each once")
    if relation is Relation.ECHO and not {"actor", "post"} & set(credit):
        raise fail("an echo is credited by actor or post: nothing else finds it again")
    if relation is Relation.AUTHORED and raw["per"] == "post":
        raise fail("an own post cannot be counted per post: it is the post")
    if raw["per"] not in PER:
        raise fail(f"per is one of {', '.join(PER)}")
    if raw.get("repeat", "never") not in ("never", "window"):
        raise fail('repeat is "never" or "window"')
    if not isinstance(steps, list) or not steps or not all(_is_step(step) for step in steps):
        raise fail(f"steps is a list of [how many, points], points from 0 to {MAX_POINTS}")
    if sum(step[0] for step in steps) > MAX_STEPS:
        raise fail(f"steps hold more than {MAX_STEPS} in a window")
    return Rule(
        name=name,
        label=raw.get("label") or name.replace("_", " ").capitalize(),
        relation=relation,
        kinds=frozenset(kind for kind in kinds if kind is not None),
        platforms=_chosen(when.get("platform")),
        topics=_chosen(when.get("topic")),
        credit=credit,
        per=raw["per"],
        steps=tuple((count, points) for count, points in steps),
        repeats=raw.get("repeat", "never") == "window",
    )


def _word(words: type[_Words], value: Any) -> _Words | None:
    try:
        return words(value)
    except ValueError:
        return None


def _is_line(text: str) -> bool:
    return len(text) <= MAX_LABEL and text.isprintable()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _chosen(value: Any) -> frozenset[str] | None:
    return None if value is None else frozenset(str(item) for item in _listed(value))


def _is_step(step: Any) -> bool:
    if not isinstance(step, list) or len(step) != 2:
        return False
    return all(type(n) is int for n in step) and step[0] >= 1 and 0 <= step[1] <= MAX_POINTS


def read_rulebook(
    toml: str,
    *,
    id: int = 0,
    name: str = "default",
    valid_from: datetime = datetime(1970, 1, 1, tzinfo=UTC),
    recorded_at: datetime = datetime(1970, 1, 1, tzinfo=UTC),
) -> Rulebook:
    """Read a rulebook from TOML, or raise `RulebookInvalid` naming rule and mistake."""
    raw = read_toml(toml)
    listed = raw.get("rule")
    if raw.keys() - {"rule"} or not isinstance(listed, list) or not listed:
        raise RulebookInvalid("a rulebook is a list of [[rule]] tables and nothing else")
    if len(listed) > MAX_RULES:
        raise RulebookInvalid(f"a rulebook has {MAX_RULES} rules at most, this one {len(listed)}")
    rules: dict[str, Rule] = {}
    for position, one in enumerate(listed, start=1):
        rule = _rule(one, position)
        if rule.name in rules:
            raise RulebookInvalid(f"rule «{rule.name}» stands twice")
        rules[rule.name] = rule
    return Rulebook(id, name, valid_from, recorded_at, rules)


def read_toml(toml: str) -> dict[str, Any]:
    """The tables of a text, or `RulebookInvalid` with the line that cannot be read."""
    for number, line in enumerate(toml.split("\n"), start=1):
        if line.count(".") > MAX_DOTS and not line.lstrip().startswith("#"):
            raise RulebookInvalid(
                f"line {number} has more than {MAX_DOTS} dots: no rule needs them"
            )
    try:
        return tomllib.loads(toml)
    except ValueError as error:  # tomllib's own, and Python's for a number of thousands of digits
        raise RulebookInvalid(unreadable(error, toml)) from None
    except RecursionError:
        raise RulebookInvalid(
            "not readable as TOML: brackets within brackets without end"
        ) from None


def unreadable(error: Exception, toml: str) -> str:
    """Why a text is no TOML, with the line; where it ends too soon, the last one that says something."""
    last = len(toml.rstrip().splitlines()) or 1
    why = str(error).replace("(at end of document)", f"(the text ends at line {last} before that)")
    why = why.replace(r"Illegal character '\n'", "A quotation mark is missing at the end of a line")
    if why.startswith("Exceeds the limit"):
        why = "a number has thousands of digits"  # Python's own words are for who writes programs
    return f"not readable as TOML: {why}"


def default_rulebook_toml() -> str:
    """The rulebook Fanfare comes with; its comments explain every number."""
    return files("scoring").joinpath("rulebook.toml").read_text(encoding="utf-8")
