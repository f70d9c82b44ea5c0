"""A CSV that somebody sends: rows by the names of their columns, with the number of each line. Pure.

Law: a file is read in one way or refused with words; nothing in it is guessed at.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from rewards.refusal import Refused

MOST_BYTES: Final = 2_000_000
MOST_ROWS: Final = 20_000  # an import is one transaction; a payout of more comes in parts
_SEPARATORS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A line that could not be used, and why."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file by the names we use."""

    line: int  # as an editor counts: the headings are line 1
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """A cell without spaces around it; "" where the file has no such column."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows, and whether numbers in it are written with a decimal comma."""

    rows: tuple[Row, ...]
    separator: str

    @property
    def locale(self) -> str:
        """Files separated by semicolons come from where the comma stands before the decimals."""
        return "de" if self.separator == ";" else "en"


def read_sheet(
    body: bytes, columns: Mapping[str, AbstractSet[str]], *, needed: Sequence[str]
) -> Sheet:
    """Read a file; `columns`: our name and the headings that mean it. Raises Refused."""
    text = _text(body)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        places = _places(next(lines, []), columns, needed)
        rows = []
        for cells in lines:
            if any(cell.strip() for cell in cells):
                # After a cell with line breaks in it, the line is the last of the row.
                rows.append(_row(lines.line_num, cells, places))
            if len(rows) > MOST_ROWS:
                raise Refused(f"Send at most {MOST_ROWS:,} lines at a time.", field="file")
    except csv.Error:
        raise Refused(
            f"Line {lines.line_num} cannot be read: a quotation mark is not closed, or stands"
            " where none can be.",
            field="file",
        ) from None
    if not rows:
        raise Refused("There is no line below the headings.", field="file")
    return Sheet(tuple(rows), separator)


def _text(body: bytes) -> str:
    if len(body) > MOST_BYTES:
        raise Refused("The file is larger than 2 MB. Send it in parts.", field="file")
    wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = body.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")  # what spreadsheets save as “CSV” otherwise
    if not text.strip():
        raise Refused("The file is empty.", field="file")
    if "\x00" in text:
        raise Refused("This is not a CSV file. Save the table as CSV and send that.", field="file")
    return text


def _places(
    headings: Sequence[str], columns: Mapping[str, AbstractSet[str]], needed: Sequence[str]
) -> dict[str, int]:
    said = [" ".join(heading.split()).casefold() for heading in headings]
    places: dict[str, int] = {}
    for name, meaning in columns.items():
        found = [place for place, heading in enumerate(said) if heading in meaning]
        if len(found) > 1:
            raise Refused(f"Two columns are called {name}. Leave one.", field="file")
        if found:
            places[name] = found[0]
    missing = [name for name in needed if name not in places]
    if missing:
        names = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        raise Refused(
            f"The first line must name the columns; {names} {'is' if len(missing) == 1 else 'are'}"
            f" missing. Expected: {', '.join(columns)}.",
            field="file",
        )
    return places


def _row(line: int, cells: Sequence[str], places: Mapping[str, int]) -> Row:
    return Row(
        line,
        {
            name: cells[place].strip().removeprefix("'") if place < len(cells) else ""
            for name, place in places.items()
        },
    )
