"""Things that are added often: one file each in one package, found by its name.

Law: a new one touches no list elsewhere, and a file that is none stops the start with words, instead of
being left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, TypeVar


class Described(Protocol):
    """What a file describes has the file's name."""

    @property
    def name(self) -> str:
        """Also the file's name."""


T = TypeVar("T", bound=Described)


def by_name(
    package: str, path: Iterable[str], kind: type[T], *, word: str, malformed: type[Exception]
) -> dict[str, T]:
    """Read every file of a package as what it describes under its word in capitals, by name.

    `word` is also the file that says what such a thing is, instead of being one: `metric` describes
    a METRIC in each other file. Raises `malformed` for a file that describes none, or another.
    """
    found: dict[str, T] = {}
    for module in iter_modules(path):
        if module.name == word:
            continue
        where = f"{package}/{module.name}.py"
        described = getattr(import_module(f"{package}.{module.name}"), word.upper(), None)
        if not isinstance(described, kind):
            raise malformed(f"{where} has no {word.upper()}; say what it is or move it")
        if described.name != module.name:
            raise malformed(
                f"{where} calls its {word} {described.name!r}; file and {word} have the same name"
            )
        found[module.name] = described
    return found
