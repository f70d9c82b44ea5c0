"""What is said on a channel, in words, before any format. Pure.

Law: whatever people wrote (names, brackets, a leader's line, a prize) is text and stays text: every kind
lays it out by means that read no markup, and each of them stands between marks that keep its
direction from turning the rest around.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.screens.language import isolated

# First strong isolate and its end (UAX #9, sections 2.4 and 2.5, read 2026-11-22).
_ISOLATE, _END = "\u2068", "\u2069"
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of what is said: a bracket with those who won there."""

    title: str  # '' where there is only one
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One message; the kinds of channels only lay it out."""

    title: str
    lead: str  # a sentence of ours
    link: str
    link_words: str
    footer: str
    line: str = ""  # the leader's own, or what was corrected
    chapters: tuple[Chapter, ...] = ()


def own(text: str) -> str:
    """Text of somebody's own on one line: without what is not seen, and with its direction kept to itself."""
    kept = (sign for sign in text if sign.isspace() or sign not in _TURNING)
    line = " ".join("".join(kept).split())
    return isolated(
        "".join(sign for sign in line if unicodedata.category(sign) not in ("Cc", "Cs"))
    )


def shortened(text: str, most: int) -> str:
    """Text of at most so many UTF-16 units, cut between words where it can be, with what it opened closed."""
    if size(text) <= most:
        return text
    cut = text
    while size(cut) > most - 2:  # room for the dots and the end of an isolate
        cut = cut[: len(cut) - max(1, (size(cut) - most + 2) // 2)]
    at_word = cut.rpartition(" ")[0]
    if len(at_word) > len(cut) * 2 // 3:
        cut = at_word
    open_ = cut.count(_ISOLATE) > cut.count(_END)
    return cut.rstrip() + "…" + (_END if open_ else "")


def size(text: str) -> int:
    """Length in UTF-16 units, as the senders of limits count it at most."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def rest(count: int, what: str = "winner") -> str:
    """The line for what did not fit."""
    return f"… and {count:,} more {what if count == 1 else what + 's'} on the page."


def lines_within(lines: Sequence[str], most: int, *, each: int = 300) -> list[str]:
    """As many lines as fit into so many units together with their breaks; the rest is counted."""
    kept: list[str] = []
    used = 0
    for index, line in enumerate(lines):
        line = shortened(line, each)
        left = len(lines) - index
        room = most - (size(rest(left)) + 1 if left > 1 else 0)
        if used + size(line) + 1 > room:
            return [*kept, rest(left)]
        kept.append(line)
        used += size(line) + 1
    return kept


def plain(said: Said) -> str:
    """All of it as plain text: for e-mail, for notifications and for screen readers."""
    parts = [said.title, said.lead, f"“{said.line}”" if said.line else ""]
    parts += ["\n".join(filter(None, (one.title, *one.lines))) for one in said.chapters]
    return "\n\n".join(filter(None, (*parts, f"{said.link_words}: {said.link}", said.footer)))
