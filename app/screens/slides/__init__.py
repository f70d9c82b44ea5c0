"""Kinds of slides, one file each, found by name: a new one touches no list elsewhere.

A file `app/screens/slides/<name>.py` has `SLIDE`, a `SlideKind` of the same name with an example. Law:
what a slide shows is made for its audience before it reaches a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from app.screens.slides.slide import Content, MalformedSlide, Option, Sight, SlideKind
from scoring import by_name

__all__ = ["Content", "MalformedSlide", "Option", "Sight", "SlideKind", "slide_kinds"]


@cache
def slide_kinds() -> Mapping[str, SlideKind]:
    """All kinds by name; a file that is none stops the start with words."""
    return MappingProxyType(
        by_name(__name__, __path__, SlideKind, word="slide", malformed=MalformedSlide)
    )
