"""The line at the foot of every picture: the contest that ends next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.screens.running import running


@dataclass(frozen=True, slots=True)
class Footer:
    """The contest that ends next; without one, only the address to join at stands there."""

    contest: str | None = None
    metric: str | None = None
    ends_at: datetime | None = None


async def footer(connection: Any, now: datetime, *, besides: str | None = None) -> Footer:
    """What stands at the foot. `besides`: the address (slug) of a contest that the picture is about."""
    found = [one for one in await running(connection, now) if one.slug != besides]
    if not found:
        return Footer()
    first = found[0]
    return Footer(first.name, first.charter.metric, first.moments.ends_at)
