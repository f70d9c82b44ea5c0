"""What a kind of slide is: a file in this folder, found by name, with its words and its options."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.announcing.named import Audience
from app.screens.language import Language
from app.settings import Settings
from scoring import Boards


class MalformedSlide(TypeError):
    """A file in app/screens/slides is no kind of slide; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Sight:
    """For whom and when a slide is made. It is the same for all screens of an audience and language."""

    connection: Any
    redis: Any
    boards: Boards
    settings: Settings
    audience: Audience
    language: Language
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return self.settings.timezone

    @property
    def secret(self) -> str:
        """What the keys of faces are made with."""
        return self.settings.require_secret_key()

    @property
    def public(self) -> bool:
        """Whether people from outside pass by: first names and aliases only."""
        return self.audience == "public"


@dataclass(frozen=True, slots=True)
class Content:
    """What a slide shows now."""

    template: str  # below templates/screens/slides
    data: Mapping[str, Any]
    describes: str  # for the administrator, in English: "Points this week, 8 people"
    topics: tuple[str, ...] = ()  # boards and contests whose signals change it
    footer: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """Something an administrator chooses for a slide."""

    name: str
    label: str
    # (value, words); none: free text, '' allowed
    choices: Callable[[Sight], Awaitable[list[tuple[str, str]]]] | None = None
    hint: str = ""
    most: int = 0  # of free text: at most so many characters
    lines: bool = False  # free text of several lines


@dataclass(frozen=True, slots=True)
class SlideKind:
    """A kind of slide. `content` answers None where there is nothing to show: it is then passed over."""

    name: str  # also the file's name
    label: str
    hint: str  # one sentence for who makes a playlist
    content: Callable[[Sight, Mapping[str, str]], Awaitable[Content | None]]
    options: tuple[Option, ...] = ()
    # Options with which it says something in any installation: for previews, pictures and tests.
    example: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.label.strip() or not self.hint.strip():
            raise MalformedSlide(f"the slide {self.name} has no label or no hint")
        if unknown := set(self.example) - {option.name for option in self.options}:
            raise MalformedSlide(
                f"the example of the slide {self.name} sets what is no option: {', '.join(unknown)}"
            )
