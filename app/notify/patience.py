"""When a delivery that failed is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

Pauses = tuple[timedelta, ...]


def _seconds(*pauses: int) -> Pauses:
    return tuple(timedelta(seconds=pause) for pause in pauses)


# For other systems, as Standard Webhooks 1.0 recommends (section "Deliverability and reliability", read
# 2026-11-22): soon at first, then for about three days.
PAUSES: Final = _seconds(5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
# For people, to whom news is news for a day: never more than half an hour later than it could be.
PEOPLES_PAUSES: Final = _seconds(5, 30, 120, 600, *[1_800] * 48)


def next_try(
    attempts: int,
    now: datetime,
    *,
    retry_after: timedelta | None = None,
    pauses: Pauses = PAUSES,
) -> datetime | None:
    """When to try after so many failed attempts; None when patience is at its end.

    A receiver that says `Retry-After` is given that time, at least ours and at most a day.
    """
    if attempts > len(pauses):
        return None
    pause = pauses[attempts - 1]
    if retry_after is not None:
        pause = max(pause, min(retry_after, timedelta(days=1)))
    return now + pause
