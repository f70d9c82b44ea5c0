"""Payout formats, one file each, found by name: a new one touches no list elsewhere.

A file `rewards/payouts/formats/<name>.py` has `FORMAT`, a `Format` of the same name with its examples.
Law: a file here that is no format stops the start with words, instead of being left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from rewards.payouts.formats.format import (
    Column,
    Example,
    Format,
    MalformedFormat,
    Setting,
)
from rewards.refusal import Refused
from scoring import by_name

__all__ = [
    "Column",
    "Example",
    "Format",
    "MalformedFormat",
    "Setting",
    "find",
    "payout_format",
    "payout_formats",
]


@cache
def payout_formats() -> Mapping[str, Format]:
    """All formats by name, the generic ones first."""
    found = find(__name__, __path__)
    order = sorted(found.items(), key=lambda item: (item[1].source is not None, item[1].label))
    return MappingProxyType(dict(order))


def payout_format(name: str) -> Format:
    """The format of a name; raises Refused beside the field."""
    if name not in payout_formats():
        raise Refused("Choose one of the formats.", field="format")
    return payout_formats()[name]


def find(package: str, path: Iterable[str]) -> dict[str, Format]:
    """Read every file of a package as a format; raise `MalformedFormat` for one that is none."""
    return by_name(package, path, Format, word="format", malformed=MalformedFormat)
