"""A contest's form as it was typed: fields are asked for, and what is wrong is said beside them. Pure.

Law: nothing typed raises; every field that cannot be used has one sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

MOST_LETTERS: Final = 120
_JOINERS: Final = "\u200c\u200d\u200e\u200f"  # joiners and direction marks: part of real names


class Typed:
    """The values of a form, and the sentences about them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.errors: dict[str, str] = {}

    def wrong(self, field: str, sentence: str) -> None:
        """Say what is wrong with a field; the first thing said stays."""
        self.errors.setdefault(field, sentence)

    def value(self, field: str) -> str:
        """What was typed, without blanks around it; '' for what was not sent."""
        return self._values.get(field, "").strip()

    def text(self, field: str, *, ask: str | None = None, most: int = MOST_LETTERS) -> str:
        """A line of text; `ask` is said when it is missing, None: it may be."""
        text = " ".join(self.value(field).split())
        if not text and ask is not None:
            self.wrong(field, ask)
        elif len(text) > most:
            self.wrong(field, f"Use at most {most:,} characters; this has {len(text):,}.")
            return text[:most]
        elif any(not (letter.isprintable() or letter in _JOINERS) for letter in text):
            self.wrong(field, "This contains characters that cannot be seen.")
        return text

    def choice(self, field: str, allowed: Collection[str], *, ask: str, default: str = "") -> str:
        """One of the values offered; left empty, the default where there is one."""
        value = self.value(field) or default
        if value not in allowed:
            self.wrong(field, ask)
            return default or next(iter(allowed))
        return value

    def number(
        self, field: str, *, least: int, most: int, what: str, default: int | None = None
    ) -> int | None:
        """A whole number between least and most; left empty, the default."""
        text = self.value(field).replace(",", "").replace("\u202f", "").replace("\u00a0", "")
        if not text:
            if default is None:
                self.wrong(field, f"Write {what}.")
            return default
        if not (text.isascii() and text.isdecimal()):
            self.wrong(field, f"Write {what} as a whole number, such as {max(least, 1)}.")
            return default
        if len(text) > 15 or not least <= int(text) <= most:
            self.wrong(field, f"Write a number from {least:,} to {most:,}.")
            return default
        return int(text)

    def maybe(self, field: str, *, least: int, most: int, what: str) -> int | None:
        """The same, where nothing may be typed."""
        if not self.value(field):
            return None
        return self.number(field, least=least, most=most, what=what)

    def ticked(self, field: str, *, default: bool = False) -> bool:
        """Whether a box is ticked; a form that never had the box has the default."""
        return self._values.get(field, "yes" if default else "") in ("yes", "on", "true")

    def several(self, field: str) -> list[str]:
        """The values of a list, each once, in order."""
        return list(dict.fromkeys(word for word in self.value(field).replace(",", " ").split()))
