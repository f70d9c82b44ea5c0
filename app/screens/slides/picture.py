"""A picture of the company, with a line beneath it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.screens.pictures import pictures
from app.screens.slides.slide import Content, Option, Sight, SlideKind

MOST_CAPTION: Final = 120


async def content(sight: Sight, options: Mapping[str, str]) -> Content | None:
    """The picture; None where none is chosen."""
    chosen = options.get("picture") or ""
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 10):
        return None
    row = await sight.connection.fetchrow(
        "select id, name, width, height from screen_picture where id = $1", int(chosen)
    )
    if row is None:
        return None
    caption = " ".join((options.get("caption") or "").split())[:MOST_CAPTION]
    return Content(
        template="picture.html",
        data={
            "picture": row["id"],
            "caption": caption,
            "name": row["name"],
            "width": row["width"],
            "height": row["height"],
        },
        describes=f"The picture “{row['name']}”",
        footer=False,
    )


async def _pictures(sight: Sight) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in await pictures(sight.connection)]


SLIDE = SlideKind(
    name="picture",
    label="A picture",
    hint="A picture of the company, as large as the screen, with a line beneath it.",
    content=content,
    options=(
        Option("picture", "Picture", _pictures),
        Option("caption", "Line beneath it", most=MOST_CAPTION),
    ),
)
