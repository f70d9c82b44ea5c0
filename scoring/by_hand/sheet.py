"""Tables as text, as networks and spreadsheets export them: bytes in, rows out, a stretch at a time. Pure.

Laws: however large a file is, no more of it than a row is held; what cannot be a table is refused with where
that is and what to do about it; no row is lost in another, for a quote that is not closed ends the reading.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Final, Self

MOST_BYTES: Final = 48 * 1024 * 1024
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 256
_MOST_LINE: Final = 1_000_000  # characters; a post's whole text in quotes has a few thousand
_MARKS: Final = {"\t": "tab"}
_LOOKED_AT: Final = 30  # lines in which the header is looked for
_DELIMITERS: Final = ",;\t|"
_SEP: Final = re.compile(r"sep=([,;|^~:\t])\s*", re.IGNORECASE)  # Excel's own first line
_EXCEL: Final = "This is an Excel workbook. Open it and save the sheet as CSV (UTF-8) first."
_PAGE: Final = (
    "This is a web page or XML, whatever its name. Open it and save the sheet as CSV (UTF-8)."
)
_OTHERS: Final = {
    b"PK\x03\x04": "This is an Excel workbook or a ZIP archive. Open it and save the sheet as CSV (UTF-8).",
    b"\xd0\xcf\x11\xe0": _EXCEL,
    b"%PDF": "This is a PDF. Export the figures as CSV instead.",
    b"\x1f\x8b": "This is a compressed file. Unpack it first.",
    b"<!doctype": _PAGE,
    b"<html": _PAGE,
    b"<?xml": _PAGE,
    b"<table": _PAGE,
}


class NotASheet(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line on which it begins."""

    line: int
    cells: tuple[str, ...]


def encoding_of(chunks: Iterable[bytes]) -> str:
    """How the text of a file is written, looking at all of it once. Raises NotASheet."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    found, size, plain, line = "", 0, True, 1
    for chunk in chunks:
        if not size:
            found = _by_its_beginning(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise NotASheet(
                f"The file has more than {MOST_BYTES // 1024 // 1024} MB. Cut it into several."
            )
        if not found:
            if (at := chunk.find(b"\0")) >= 0:
                raise _no_text(line + chunk.count(b"\n", 0, at))
            line += chunk.count(b"\n")
            try:
                utf8.decode(chunk)
            except UnicodeDecodeError:
                plain = False
    if not size:
        raise NotASheet("The file is empty.")
    return found or ("utf-8" if plain else "cp1252")  # as Excel on Windows writes it


def _no_text(line: int) -> NotASheet:
    return NotASheet(
        f"Line {line} has a NUL, which no text has: this is not a text file, or it is damaged. Save the "
        "figures as CSV (UTF-8)."
    )


def _by_its_beginning(chunk: bytes) -> str:
    begin = chunk[:200].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for magic, words in _OTHERS.items():
        if chunk.startswith(magic) or begin.startswith(magic):
            raise NotASheet(words)
    if chunk.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without its mark: of Latin letters every second byte is nought.
    head = chunk[:200]
    if len(head) > 7 and head[1::2].count(0) > len(head) // 3 and not head[::2].count(0):
        return "utf-16-le"
    if len(head) > 7 and head[::2].count(0) > len(head) // 3 and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def rows(chunks: Iterable[bytes], encoding: str, most: int | None = MOST_ROWS) -> Iterator[Row]:
    """The rows of a file, empty ones left out. Raises NotASheet, also after many rows."""
    lines = _lines(_text(chunks, encoding))
    head = [line for _, line in zip(range(_LOOKED_AT), lines, strict=False)]
    skipped = 0
    if head and (told := _SEP.fullmatch(head[0].strip("\r\n"))):
        delimiter, skipped = told[1], 1
    else:
        delimiter = _delimiter(head)
    whole = _Whole(chain(head[skipped:], lines), skipped)
    reader = csv.reader(whole, delimiter=delimiter, strict=True)
    found = 0
    while True:
        begin = whole.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as why:
            raise whole.broken(delimiter, str(why)) from None
        if not any(cell.strip() for cell in cells):
            continue
        found += 1
        if most is not None and found > most + _LOOKED_AT:
            raise NotASheet(f"The file has more than {most:,} rows. Cut it into several.")
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise NotASheet(
                f"Line {begin} has more than {MOST_COLUMNS} columns. Leave out those that are no figures."
            )
        yield Row(begin, tuple(cell.strip() for cell in cells[:MOST_COLUMNS]))


class _Whole:
    """The lines of a file, and the row that is read from them."""

    def __init__(self, lines: Iterator[str], skipped: int) -> None:
        self._lines = lines
        self._line = self._begin = skipped
        self._row: list[str] = []
        self._size = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._line += 1
        if "\0" in line:
            raise _no_text(self._line)
        self._row.append(line)
        self._size += len(line)
        if self._size > _MOST_LINE and len(self._row) > 1:
            raise NotASheet(
                f"Line {self._begin} is not CSV: its row never ends. A quote in it is opened and not closed."
            )
        return line

    def begin_row(self) -> int:
        """The line on which the next row begins."""
        self._row.clear()
        self._size = 0
        self._begin = self._line + 1
        return self._begin

    def broken(self, delimiter: str, why: str) -> NotASheet:
        """What is wrong with this row."""
        column = _wrong_quote("".join(self._row), delimiter)
        if column is None:
            return NotASheet(f"Line {self._begin} is not CSV: {why}.")
        return NotASheet(
            f"Line {self._begin}, column {column} is not CSV: a quote is opened in it and not closed before "
            f"“{_MARKS.get(delimiter, delimiter)}” or the end of the line. Close it; a quote inside is "
            "written twice."
        )


def _wrong_quote(row: str, delimiter: str) -> int | None:
    """The cell, counted from one, that begins with a quote and does not end with one."""
    at = 0
    for column in count(1):
        if row.startswith('"', at):
            at = row.find('"', at + 1)
            while row.startswith('""', at):
                at = row.find('"', at + 2)
            if at < 0 or row[at + 1 : at + 2] not in ("", delimiter, "\r", "\n"):
                return column
        at = row.find(delimiter, at) + 1
        if at == 0:
            return None
    return None


def _text(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """Lines with their ends: by line feeds, or by what old Macs wrote where there are none."""
    rest = ""
    for text in texts:
        rest += text
        end = "\n" if "\n" in rest else "\r"
        *whole, last = rest.split(end)
        if end == "\r" and len(rest) < _MOST_LINE and len(whole) < 2:
            continue  # too little to know
        for line in whole:
            yield line + end
        rest = last
        if len(rest) > _MOST_LINE:
            raise NotASheet("A line of the file never ends. Export it as CSV once more.")
    for line in re.split(r"(?<=\n)|\r(?!\n)", rest):
        if line:
            yield line


def _delimiter(head: Sequence[str]) -> str:
    """What stands between cells: what most lines have most often and most alike."""

    def fits(mark: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=mark), [])) for line in head]
        most = max(counts, default=0)
        return (sum(n == most for n in counts) * (most > 1), most)

    try:
        return max(_DELIMITERS, key=fits)
    except csv.Error:
        return ","
