"""Cells of a file that a spreadsheet opens. Pure.

Law: no cell is executed, whatever somebody calls themselves or a contest. Source: OWASP, "CSV
Injection" (owasp.org/www-community/attacks/CSV_Injection, read 2026-11-22): a cell must not begin with
= + - @, tab or carriage return, nor with the full-width forms of these signs.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_ACTS: Final = frozenset("=+-@\t\r\n＝＋－＠")


def harmless(text: str) -> str:
    """The text without control characters, after an apostrophe where a spreadsheet would execute it."""
    line = " ".join(text.split())
    line = "".join(letter for letter in line if unicodedata.category(letter) not in ("Cc", "Cs"))
    first = line.lstrip("'\" \ufeff\u200b")[:1]
    return f"'{line}" if first in _ACTS and first else line


def table(rows: Iterable[Sequence[str]], *, separator: str = ",") -> str:
    """Rows as CSV (RFC 4180): quoted where needed, lines end with CR LF, every cell harmless."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return sheet.getvalue()
