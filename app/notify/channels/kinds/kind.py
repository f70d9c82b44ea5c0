"""What a kind of channel is: one file in this folder, with its examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.going_out import Networks
from app.notify.channels.said import Chapter, Said


class MalformedKind(Exception):
    """A file in the folder is no kind of channel; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Example:
    """What is said, and what is sent for it: test and documentation in one."""

    name: str
    said: Said
    payload: Any


@dataclass(frozen=True, slots=True)
class Kind:
    """How announcements are said in one kind of place. Pure.

    `check` takes what was typed and gives the address, or raises NotReachable with a sentence;
    `shown` says of an address what may be read of it; `hopeless` gives the sentence for an answer
    that no patience heals, else None.
    """

    name: str  # also the file's name
    label: str
    hint: str  # one sentence for who chooses
    by: Literal["web", "mail"]  # what carries it: an HTTPS request with JSON, or the mail server
    field: str  # the label of what is typed
    steps: tuple[str, ...]  # how to get the address
    check: Callable[[str, Networks], str]
    shown: Callable[[str], str]
    message: Callable[[Said], Any]  # JSON for the web, a Letter for mail
    hopeless: Callable[[int, str], str | None]
    source: str  # where its format is described, and when that was read
    examples: tuple[Example, ...]

    def __post_init__(self) -> None:
        for word in ("name", "label", "hint", "field", "source"):
            if not getattr(self, word).strip():
                raise MalformedKind(f"the kind of channel {self.name!r} has no {word}")
        if not self.steps or not self.examples:
            raise MalformedKind(f"the kind of channel {self.name!r} needs steps and an example")


# What the examples of all kinds say.
SAMPLE = Said(
    title="The winners of “Autumn answers”",
    lead="Answered by the most people.",
    line="Thank you <all> & *well done*",
    chapters=(
        Chapter(
            "Starters",
            ("First place: \u2068ليلى\u2069, 42 people, €200", "Second place: A colleague"),
        ),
        Chapter("", ("3 people were answered by 25 people",)),
    ),
    link="https://fanfare.example.org/contests/autumn-answers",
    link_words="See all winners",
    footer="Fanfare of Northwind",
)
TEST = Said(
    title="A test from Fanfare",
    lead="If you can read this, winners can be announced here.",
    link="https://fanfare.example.org/",
    link_words="Open Fanfare",
    footer="Fanfare of Northwind",
)
