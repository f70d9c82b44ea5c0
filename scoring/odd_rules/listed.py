"""Several words in a row, as a sentence has them. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def either(words: Iterable[str]) -> str:
    """'a, b or c'."""
    return _joined(words, "or")


def both(words: Iterable[str]) -> str:
    """'a, b and c'."""
    return _joined(words, "and")


def _joined(words: Iterable[str], last: str) -> str:
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {last} {several[-1]}"
