"""Tables as text, as networks and spreadsheets export them: bytes in, rows out, a stretch at a time. Pure.

Law: however large a file is, no more of it than a row is held; what cannot be a table is refused with
what to do about it.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 48 * 1024 * 1024
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 256
_MOST_LINE: Final = 1_000_000  # characters; a post's whole text in quotes has a few thousand
_LOOKED_AT: Final = 30  # lines in which the header is looked for
_DELIMITERS: Final = ",;\t|"
_SEP: Final = re.compile(r"sep=([,;|^~:\t])\s*", re.IGNORECASE)  # Excel's own first line
_EXCEL: Final = "This is an Excel workbook. Open it and save the sheet as CSV (UTF-8) first."
_OTHERS: Final = {
    b"PK\x03\x04": _EXCEL,
    b"\xd0\xcf\x11\xe0": _EXCEL,
    b"%PDF": "This is a PDF. Export the figures as CSV instead.",
    b"\x1f\x8b": "This is a compressed file. Unpack it first.",
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
    found, size, plain = "", 0, True
    for chunk in chunks:
        if not size:
            found = _by_its_beginning(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise NotASheet(
                f"The file has more than {MOST_BYTES // 1024 // 1024} MB. Cut it into several."
            )
        if not found:
            if b"\0" in chunk:
                raise NotASheet("This is not a text file. Save the figures as CSV (UTF-8).")
            try:
                utf8.decode(chunk)
            except UnicodeDecodeError:
                plain = False
    if not size:
        raise NotASheet("The file is empty.")
    return found or ("utf-8" if plain else "cp1252")  # as Excel on Windows writes it


def _by_its_beginning(chunk: bytes) -> str:
    for magic, words in _OTHERS.items():
        if chunk.startswith(magic):
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
    whole = (line for part in (head[skipped:], lines) for line in part)
    reader = csv.reader(whole, delimiter=delimiter)
    count = 0
    while True:
        begin = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as why:
            raise NotASheet(f"Line {begin} is not CSV: {why}.") from None
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if most is not None and count > most + _LOOKED_AT:
            raise NotASheet(f"The file has more than {most:,} rows. Cut it into several.")
        yield Row(begin, tuple(cell.strip() for cell in cells[:MOST_COLUMNS]))


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
