"""Rows as PostgreSQL's binary COPY reads them: nothing is turned into text and back."""

from __future__ import annotations

from struct import Struct

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
_LENGTH = Struct(">i").pack
_SMALL = Struct(">ii").pack
_LARGE = Struct(">iq").pack
_KEY = b"\x00\x00\x00\x10"
_COLUMNS = Struct(">h").pack
TRUE, FALSE = b"\x00\x00\x00\x01\x01", b"\x00\x00\x00\x01\x00"


def row(*fields: bytes) -> bytes:
    """A row of fields that were written by the functions below."""
    return _COLUMNS(len(fields)) + b"".join(fields)


def text(value: bytes | None) -> bytes:
    """A text, as UTF-8."""
    return NULL if value is None else _LENGTH(len(value)) + value


def key(value: bytes | None) -> bytes:
    """A uuid, as its 16 bytes."""
    return NULL if value is None else _KEY + value


def whole(value: int) -> bytes:
    """A bigint, or a timestamptz in microseconds since 2000."""
    return _LARGE(8, value)


def small(value: int) -> bytes:
    """An int, or a date in days since 2000."""
    return _SMALL(4, value)
