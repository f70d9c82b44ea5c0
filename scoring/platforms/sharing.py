"""Addresses that open a network's own composer with a start of a post. Pure.

Law: whatever is handed in comes out as one value of the address, percent-encoded (a space as %20), and
changes nothing else of it.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode


def composer(address: str, /, **asked: str) -> str:
    """The address of a composer with what it is to begin with."""
    return f"{address}?{urlencode(asked, quote_via=quote, safe='', errors='replace')}"


def text_with(text: str, url: str) -> str:
    """Both in one text, for composers that know a text alone."""
    return f"{text}\n\n{url}" if text else url
