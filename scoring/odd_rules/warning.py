"""One thing to look at again in a rulebook, and where in its text. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What is odd about a rule: of which kind, in words, and what to do instead.
Doubt = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """One thing to look at again; `line` is where the rule begins in the text, from 1."""

    rule: str | None
    line: int | None
    kind: str  # overlap | never | topic | policy | one_post | rising | nothing | once | unreached | circle
    words: str
    way_out: str


def rule_lines(toml: str, rules: int) -> list[int]:
    """The line on which each rule begins; empty where the text lists them in another way."""
    begins = [
        number
        for number, line in enumerate(toml.splitlines(), start=1)
        if re.match(r"\s*\[\[\s*[\"']?rule[\"']?\s*\]\]", line)
    ]
    return begins if len(begins) == rules else []
