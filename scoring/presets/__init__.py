"""Rulebooks to begin with, each with the reason for it: one TOML file here is one preset.

Law: discovery is loud. A file without a title and a reason in its first comment lines is a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from scoring.rules import default_rulebook_toml

_DEFAULT_WHY = (
    "Answering people who write to you counts, and so does every new person who answers you. One "
    "answer is worth 5 and everything else is set against that: a like a fifth of it, three posts a "
    "week at most. Nobody earns more by being louder. Fanfare begins with it."
)


class BrokenPreset(Exception):
    """A preset's file does not say what it is; the message names the file and what it lacks."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A rulebook to begin with; `why` is one paragraph, the numbers have their reasons in the text."""

    name: str
    title: str
    why: str
    toml: str


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by name, the one Fanfare begins with first."""
    found = {
        "conversation_first": Preset(
            "conversation_first", "Conversation first", _DEFAULT_WHY, default_rulebook_toml()
        )
    }
    folder = files("scoring.presets")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            found[name] = described(name, file.read_text(encoding="utf-8"))
    return MappingProxyType(found)


def described(name: str, toml: str) -> Preset:
    """A preset from its text: the first comment paragraph is its title, the second says why. Pure."""
    paragraphs: list[list[str]] = [[]]
    for line in toml.splitlines():
        if not line.startswith("#"):
            break
        words = line.removeprefix("#").strip()
        if words:
            paragraphs[-1].append(words)
        elif paragraphs[-1]:
            paragraphs.append([])
    told = [" ".join(lines) for lines in paragraphs if lines]
    if len(told) < 2:
        raise BrokenPreset(f"{name}.toml must begin with its title and, after an empty #, a reason")
    return Preset(name, told[0], told[1], toml)
