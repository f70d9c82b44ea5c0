"""The lines of the form as the page shows them: their headings, and which one to go on with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from app.pages.contest_editor.lines import numbers
from app.pages.words import ordinal

FURTHER: Final = frozenset({
    "networks", "entering", "least", "cool_down_days", "settle_hours", "freeze_hours", "breakers",
    "accept_days", "days_expire_months", "contact", "pass_on", "tell_privately", "gross_up",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """The numbers of prizes and brackets; `fresh` is the line that gets the keyboard."""

    form: Mapping[str, str]
    prizes: tuple[int, ...]
    brackets: tuple[int, ...]
    fresh: str = ""
    further_wrong: bool = False  # something in the folded settings needs another look

    @classmethod
    def of(
        cls, form: Mapping[str, str], *, fresh: str = "", wrong: Mapping[str, str] | None = None
    ) -> Self:
        """The lines of a form; `wrong` are the fields with something wrong."""
        return cls(
            form,
            tuple(numbers(form, "prize")),
            tuple(numbers(form, "bracket")),
            fresh,
            bool(FURTHER & set(wrong or ())),
        )

    def title(self, number: int) -> str:
        """'1st', '2nd to 4th', 'Everyone who reaches 25', as far as it is typed."""
        typed = {
            name: self.form.get(f"prize_{number}_{name}", "")
            for name in ("for", "from", "to", "reach")
        }
        if typed["for"] != "place":
            way = (
                "Drawn among those who reach" if typed["for"] == "draw" else "Everyone who reaches"
            )
            return f"{way} {typed['reach'] or '…'}"
        first, last = place(typed["from"]), place(typed["to"])
        if first is None:
            return "A place"
        return ordinal(first) if last in (None, first) else f"{ordinal(first)} to {ordinal(last)}"


def place(text: str) -> int | None:
    """A place as typed, None for what is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
