"""A winner, drawn with the application's own templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from app.asgi import templates
from app.pictures import Shape, Winner, draw
from app.settings import Settings

MAYA = Winner(
    name="Maya Okafor", initials="MO", tint=0, medal=1, place="First place",
    metric="Answered by the most people", value="214", unit="people answered",
    contest="Conversation starters", company="Northwind Pumps", day="22 November 2026",
    bracket="accounts of 500 to 5,000", department="Customer care", gift="2 vacation days",
)  # fmt: skip

Drawn = Callable[..., Image.Image]


@cache
def png(shape: Shape = "landscape", **changed: Any) -> bytes:
    """The picture of Maya, some of it changed."""
    return draw(templates(Settings()), replace(MAYA, **changed), shape)


@pytest.fixture
def drawn() -> Drawn:
    """Draws Maya with changes, as an image of Pillow's."""

    def look(shape: Shape = "landscape", **changed: Any) -> Image.Image:
        return Image.open(BytesIO(png(shape, **changed))).convert("RGB")

    return look
