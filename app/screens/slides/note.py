"""Something the company wants to say: a heading and a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.pages.deeds import quoted
from app.screens.slides.slide import Content, Option, Sight, SlideKind

MOST_HEADING: Final = 80
MOST_TEXT: Final = 400  # read from across the room within a quarter of a minute


async def content(_: Sight, options: Mapping[str, str]) -> Content | None:
    """The note; None where nothing was written."""
    heading = " ".join((options.get("heading") or "").split())[:MOST_HEADING]
    lines = [
        " ".join(line.split()) for line in (options.get("text") or "")[:MOST_TEXT].splitlines()
    ]
    lines = [line for line in lines if line]
    if not heading and not lines:
        return None
    return Content(
        template="note.html",
        data={"heading": heading, "lines": lines, "length": sum(map(len, lines)) + 40 * len(lines)},
        describes=f"“{quoted(heading or lines[0], 60)}”",
    )


SLIDE = SlideKind(
    name="note",
    label="A note",
    hint="A heading and a few lines of your own.",
    content=content,
    options=(
        Option("heading", "Heading", most=MOST_HEADING),
        Option("text", "Text", most=MOST_TEXT, lines=True),
    ),
    example={
        "heading": "Summer party on the roof",
        "text": "Friday from five. Bring somebody who tells good stories.",
    },
)
