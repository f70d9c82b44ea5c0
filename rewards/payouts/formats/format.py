"""What a payout format is: columns, the company's own codes, and how the file is written. Pure.

Law: the same awards under the same terms give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from rewards.amounts import Kind
from rewards.payouts.cells import table
from rewards.payouts.line import Line, Terms

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


class MalformedFormat(TypeError):
    """A file in rewards/payouts/formats is no format; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands under it."""

    heading: str
    value: Callable[[Line, Terms], str]


@dataclass(frozen=True, slots=True)
class Setting:
    """A code that is the company's own; `pattern` says what it can be, `hint` where to find it."""

    name: str
    label: str
    hint: str
    default: str = ""
    pattern: str = r".{0,60}"
    wrong: str = "This is too long."

    def accepts(self, value: str) -> bool:
        """Whether the value can stand in the file."""
        return re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True, slots=True)
class Example:
    """Test and documentation: these lines under these terms are written as this."""

    lines: tuple[Line, ...]
    terms: Terms
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to hand awards to another system."""

    name: str  # also the file's name
    label: str
    kind: Kind
    columns: tuple[Column, ...]
    settings: tuple[Setting, ...] = ()
    needs: Literal["number", "email"]  # by what the other system knows a person
    number: str = r".{1,20}"  # what an employee number looks like there
    separator: str = ","
    headings: bool = True
    before: Callable[[Terms], Sequence[str]] = lambda terms: ()  # lines before the table
    currency: str | None = None  # the only one it can say; None: any
    encoding: str = "utf-8"
    file_name: Callable[[Terms], str] = lambda terms: f"{terms.payout}.csv"
    source: str | None = None  # address of the documented layout
    read_on: date | None = None
    caution: str | None = None  # what could not be confirmed, for HR to try with one line first
    examples: tuple[Example, ...]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise MalformedFormat(f"a format's name is lower case letters, not {self.name!r}")
        if not self.examples:
            raise MalformedFormat(f"the format {self.name} has no examples; give it at least one")
        if (self.source is None) is not (self.read_on is None):
            raise MalformedFormat(
                f"the format {self.name} needs both, its source and the date read"
            )

    def text(self, lines: Sequence[Line], terms: Terms) -> str:
        """The file as text."""
        rows = [[column.value(line, terms) for column in self.columns] for line in lines]
        if self.headings:
            rows.insert(0, [column.heading for column in self.columns])
        head = "".join(f"{line}\r\n" for line in self.before(terms))
        return head + table(rows, separator=self.separator)

    def write(self, lines: Sequence[Line], terms: Terms) -> bytes:
        """The file as bytes; what the encoding cannot say becomes a question mark."""
        return self.text(lines, terms).encode(self.encoding, errors="replace")

    def known(self, line: Line) -> bool:
        """Whether the other system would know the person."""
        if self.needs == "email":
            return bool(line.email)
        return re.fullmatch(self.number, line.number) is not None
