"""What was handed in, in words: for its author and for those who look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.pages.heard import way
from app.pages.linking import label
from app.pages.wall import safe_address
from scoring import Statement

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "reaction": ("like", "likes"),
    "reply": ("answer", "answers"),
    "reshare": ("share", "shares"),
    "quote": ("quote", "quotes"),
    "click": ("click", "clicks"),
}
# What networks call them, above a field.
ASKED: Final[Mapping[str, str]] = {
    "reaction": "Likes and other reactions",
    "reply": "Answers (comments)",
    "reshare": "Shares (reposts)",
    "quote": "Quotes",
    "click": "Clicks",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement as pages show it."""

    id: int
    network: str
    handle: str
    url: str | None
    published_at: datetime
    by_author: bool  # the moment is the author's word
    figures: str  # "40 likes and 7 answers", '' where there are none
    way: str
    recorded_at: datetime
    pictured: bool
    outcome: str | None
    reason: str | None
    by_network: bool
    answered_at: datetime | None
    others: int
    known: bool
    of_another: bool


def shown(one: Statement) -> Shown:
    """A statement in words."""
    return Shown(
        one.id, label(one.platform), one.handle, safe_address(one.address), one.published_at,
        one.dated == "author", figures_in_words(one.counts), way("hand"), one.recorded_at,
        one.pictured, one.outcome, one.reason, one.by_network, one.answered_at, one.others, one.known,
        one.of_another,
    )  # fmt: skip


def figures_in_words(counts: Mapping[str, int]) -> str:
    """ "1,240 likes, 7 answers and 3 shares". Pure."""
    parts = []
    for kind, (one, many) in KINDS.items():
        if kind in counts:
            value = counts[kind]
            parts.append(f"{value:,} {one if value == 1 else many}")
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
