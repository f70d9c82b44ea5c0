"""Which standing of a contest a person looks at: `/contests/new-voices?for=recognition&bracket=2`. Pure.

Law: any query gives a choice that the contest has; without one a person sees their own bracket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Self
from urllib.parse import urlencode

from app.pages.leaderboard.choices import Choice
from app.pages.leaderboard.selection import read_rows
from rewards import Charter

Mode = Literal["prize", "recognition"]
WORDS: Final[Mapping[Mode, str]] = {"prize": "For the prizes", "recognition": "For recognition"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is looked at; `bracket` is its number in the charter."""

    slug: str
    mode: Mode
    bracket: int
    rows: int
    usual: tuple[Mode, int]  # what an address need not say

    @classmethod
    def of(
        cls, query: Mapping[str, str], slug: str, charter: Charter, own_bracket: int | None
    ) -> Self:
        """Read an address's query."""
        usual: tuple[Mode, int] = (modes(charter)[0], own_bracket or 0)
        wanted = query.get("for", "")
        mode = next((mode for mode in modes(charter) if mode == wanted), usual[0])
        text = query.get("bracket", "")
        number = int(text) - 1 if text.isascii() and text.isdecimal() and len(text) < 3 else -1
        bracket = number if 0 <= number < len(charter.brackets) else usual[1]
        return cls(slug, mode, bracket, read_rows(query.get("rows", "")), usual)

    @property
    def href(self) -> str:
        """The address of this look."""
        told = {
            "for": self.mode if self.mode != self.usual[0] else "",
            "bracket": str(self.bracket + 1) if self.bracket != self.usual[1] else "",
            "rows": str(self.rows or ""),
        }
        pairs = [(name, value) for name, value in told.items() if value]
        return f"/contests/{self.slug}" + (f"?{urlencode(pairs)}" if pairs else "")

    def mode_choices(self, charter: Charter) -> list[Choice]:
        """The standings by what can be won in them."""
        return [
            Choice(mode, WORDS[mode], mode == self.mode, replace(self, mode=mode, rows=0).href)
            for mode in modes(charter)
        ]

    def bracket_choices(self, charter: Charter) -> list[Choice]:
        """The brackets; teams and undivided people have one."""
        if charter.who != "people":
            return []
        return [
            Choice(
                str(number + 1),
                bracket.name,
                number == self.bracket,
                replace(self, bracket=number, rows=0).href,
            )
            for number, bracket in enumerate(charter.brackets)
        ]


def modes(charter: Charter) -> tuple[Mode, ...]:
    """The standings that differ: two where some networks count for recognition only."""
    kinds = {network.mode for network in charter.networks}
    if kinds == {"cash"}:
        return ("prize",)
    if kinds == {"recognition"}:
        return ("recognition",)
    return ("prize", "recognition")
