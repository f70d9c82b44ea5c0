"""Looking a rulebook over, rule by rule. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scoring.odd_rules.counting import counting
from scoring.odd_rules.matching import never, overlaps, topics_unused
from scoring.odd_rules.paying import circle, one_post, policy, steps
from scoring.odd_rules.warning import RuleWarning, rule_lines
from scoring.platforms import platforms
from scoring.platforms.platform import Incentive, Platform
from scoring.rules import read_rulebook


def rule_warnings(
    toml: str,
    *,
    topics: Collection[str] | None = None,
    networks: Mapping[str, Platform] | None = None,
    modes: Mapping[str, Incentive] | None = None,
) -> list[RuleWarning]:
    """Everything odd about a rulebook, rule by rule; raises `RulebookInvalid` for one that is none.

    `topics` are those the company has, None where nobody knows; `modes` what an administrator decided
    about a network instead of its own policy.
    """
    book = read_rulebook(toml)
    known = platforms() if networks is None else networks
    decided = {name: network.incentive.mode for name, network in known.items()} | dict(modes or {})
    lines = rule_lines(toml, len(book.rules))
    found: list[RuleWarning] = []
    for place, rule in enumerate(book.rules.values()):
        doubts = [
            *never(rule, known),
            *topics_unused(rule, topics),
            *policy(rule, known, decided),
            *steps(rule),
            *counting(rule),
            *one_post(rule, book),
            *circle(rule),
            *overlaps(rule, list(book.rules.values())[:place]),
        ]
        line = lines[place] if lines else None
        found += [RuleWarning(rule.name, line, *doubt) for doubt in doubts]
    return found
