"""Kinds of channels, one file each, found by name: a new one touches no list elsewhere.

A file `app/notify/channels/kinds/<name>.py` has `KIND`, a `Kind` of the same name with its examples.
Law: a file here that is no kind stops the start with words, instead of being left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from app.notify.channels.kinds.kind import Example, Kind, MalformedKind
from scoring import by_name

__all__ = ["Example", "Kind", "MalformedKind", "channel_kinds", "find"]


@cache
def channel_kinds() -> Mapping[str, Kind]:
    """All kinds by name, as their labels sort."""
    found = find(__name__, __path__)
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: item[1].label)))


def find(package: str, path: Iterable[str]) -> dict[str, Kind]:
    """Read every file of a package as a kind; raises `MalformedKind` for one that is none."""
    return by_name(package, path, Kind, word="kind", malformed=MalformedKind)
