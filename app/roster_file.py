"""Reading a CSV file of people as it comes out of spreadsheets and HR systems.

Law: every line that cannot be used is named with its number and the reason, all of them at once.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scoring import Listed

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS: Final = ("name", "email", "department", "office")
NEEDED: Final = ("name", "email")
MOST: Final = {"name": 200, "email": 320, "department": 120, "office": 120}
# Not RFC 5322, only what keeps a name in the wrong column from being taken for an address.
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


class RosterUnreadable(Exception):
    """The file as a whole cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that cannot be used."""

    line: int
    reason: str


def read_roster(content: bytes) -> tuple[list[Listed], list[BadRow]]:
    """The people in a file, and the lines that cannot be used. Raises RosterUnreadable."""
    text = decoded(content)
    if "\0" in text:
        raise RosterUnreadable("This is not a text file. Save the list as CSV (UTF-8).")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        check_header(header)
        return read_rows(reader, header)
    except csv.Error as why:
        raise RosterUnreadable(f"Line {reader.line_num} is not CSV: {why}.") from None


def decoded(content: bytes) -> str:
    """The text of a file: by its byte order mark, as UTF-8, or as Excel on Windows writes it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def check_header(header: list[str]) -> None:
    """Refuse a file whose first line does not name the columns."""
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        found = ", ".join(cell for cell in header if cell) or "nothing"
        raise RosterUnreadable(
            f"The first line must name the columns {', '.join(COLUMNS)}; "
            f"{' and '.join(lacking)} lacking, found: {found}."
        )
    for name in COLUMNS:
        if header.count(name) > 1:
            raise RosterUnreadable(f"The column {name} is there {header.count(name)} times.")


def read_rows(reader: Reader, header: list[str]) -> tuple[list[Listed], list[BadRow]]:
    """Every row after the header, good or bad; empty lines are passed over."""
    good: list[Listed] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return good, bad
        if not any(cell.strip() for cell in row):
            continue
        values = {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=False)}
        reason = wrong(values, len(row), len(header), seen)
        if reason is not None:
            bad.append(BadRow(line, reason))
            continue
        seen[values["email"].lower()] = line
        place = {name: values.get(name) or None for name in ("department", "office")}
        good.append(Listed(line, values["name"], values["email"], **place))


def wrong(values: dict[str, str], cells: int, columns: int, seen: dict[str, int]) -> str | None:
    """Why a row cannot be used, or None."""
    if cells > columns:
        return f"it has {cells} cells, the first line has {columns}"
    for name in NEEDED:
        if not values.get(name):
            return f"the {name} is missing"
    for name in COLUMNS:
        value = values.get(name, "")
        if len(value) > MOST[name]:
            return f"the {name} is longer than {MOST[name]} characters"
        if any(ord(letter) < 32 or "\ud800" <= letter <= "\udfff" for letter in value):
            return f"the {name} has characters that cannot be seen"
    if not _EMAIL.fullmatch(values["email"]):
        return f"“{values['email']}” is not an e-mail address"
    if (before := seen.get(values["email"].lower())) is not None:
        return f"{values['email']} stands in line {before} already"
    return None
