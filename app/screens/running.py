"""The contests that run, for slides and the line at the foot of every picture."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rewards import ContestCard, Stage, contests


async def running(connection: Any, now: datetime) -> list[ContestCard]:
    """Those that run by the clock, the one that ends first before the others."""
    seen = await contests(connection, viewer_id=None, now=now)
    on = [
        one
        for one in seen
        if one.stage in (Stage.SCHEDULED, Stage.RUNNING)
        and one.moments.starts_at <= now < one.moments.ends_at
    ]
    return sorted(on, key=lambda one: (one.moments.ends_at, one.id))
