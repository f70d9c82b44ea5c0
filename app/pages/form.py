"""A form as it was typed: what is wrong stands beside its field, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Self

from litestar import Request

JOINERS: Final = "\u200c\u200d\u200e\u200f"  # joiners and direction marks: part of real names


class Form:
    """Values by field name, and what is wrong with them in words for the person."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})
        self._errors: dict[str, str] = {}

    @classmethod
    async def of(cls, request: Request[Any, Any, Any]) -> Self:
        """The form that was sent; of a field sent twice the last one, files are left out."""
        sent = await request.form()
        return cls({name: value for name, value in sent.multi_items() if isinstance(value, str)})

    def value(self, name: str) -> str:
        """What was typed, '' for a field that was not sent."""
        return self._values.get(name, "")

    def error(self, name: str) -> str | None:
        """What is wrong with a field, or None."""
        return self._errors.get(name)

    def is_first_wrong(self, name: str) -> bool:
        """Whether this field is the first with something wrong: where the person should go on."""
        return next(iter(self._errors), None) == name

    def any_wrong(self, begin: str) -> bool:
        """Whether something is wrong with a field whose name begins like this."""
        return any(name.startswith(begin) for name in self._errors)

    def wrong(self, name: str, words: str) -> None:
        """Say what is wrong with a field; the first thing said stays."""
        self._errors.setdefault(name, words)

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self._errors

    def text(self, name: str, *, ask: str, most: int = 200) -> str:
        """A line of text that is needed; `ask` is said when it is missing."""
        text = self.optional(name, most=most)
        if not text and self.error(name) is None:
            self.wrong(name, ask)
        return text

    def optional(self, name: str, *, most: int = 200) -> str:
        """A line of text that may be missing."""
        text = " ".join(self.value(name).split())
        if len(text) > most:
            self.wrong(name, f"Use at most {most} characters.")
        elif not text.isprintable() and any(not may_stand_in_text(letter) for letter in text):
            self.wrong(name, "This contains characters that cannot be seen.")
        return text

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self.value(name) == "yes"

    def choice(self, name: str, allowed: Collection[str], *, ask: str) -> str:
        """One of the values offered; `ask` is said for anything else."""
        value = self.value(name)
        if value not in allowed:
            self.wrong(name, ask)
        return value


def may_stand_in_text(letter: str) -> bool:
    """Whether a letter may stand in a name: all that is seen, and what joins emoji and scripts."""
    return letter.isprintable() or letter in JOINERS
