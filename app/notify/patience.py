"""When a delivery that failed is tried again. Pure.

The pauses are those that Standard Webhooks 1.0 recommends (section "Deliverability and reliability",
read 2026-11-22): soon at first, then for about three days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

PAUSES: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)


def next_try(
    attempts: int, now: datetime, *, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try after so many failed attempts; None when patience is at its end.

    A receiver that says `Retry-After` is given that time, at least ours and at most a day.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1]
    if retry_after is not None:
        pause = max(pause, min(retry_after, timedelta(days=1)))
    return now + pause
