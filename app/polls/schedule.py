"""When something is asked again, and how long a server that has trouble is left alone. Pure.

Laws: each account and post has its own moment of the day, by a hash of its name, so that questions spread
over the day whoever comes or goes; what was missed is asked once, not as often as it was missed; in the
last day of a contest that waits for it a moment of every hour is added; nothing is asked twice within
one stretch between two moments.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

HOUR_S: Final = 3_600
DAY: Final = timedelta(days=1)
_LEAST_S: Final = 60.0
_MOST_S: Final = 6 * 3_600.0
_MOST_SAID_S: Final = 86_400.0  # a server that asks for a longer rest is asked again the next day
_MOST_DOUBLINGS: Final = 5  # what is gone is asked about once a month


class Hurry(NamedTuple):
    """A stretch of time in which something is asked every hour, [from, to)."""

    from_at: datetime
    to_at: datetime


def moment_after(key: str, every_s: int, after: datetime) -> datetime:
    """The first moment of this key's own that is later than `after`, of those every so many seconds."""
    offset = int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) % every_s
    seconds = after.astimezone(UTC).timestamp()
    turn = int((seconds - offset) // every_s) + 1
    at = datetime.fromtimestamp(turn * every_s + offset, UTC)
    # A float near a moment may fall on either side of it.
    return at if at > after else at + timedelta(seconds=every_s)


def next_due(
    key: str, every_s: int, after: datetime, hurries: Iterable[Hurry] = (), *, failures: int = 0
) -> datetime:
    """When to ask next after it was asked last; later and later where it alone was refused."""
    refused_for = DAY * (2 ** min(failures - 1, _MOST_DOUBLINGS) - 1) if failures else timedelta()
    due = moment_after(key, every_s, after + refused_for)
    if failures:
        return due
    for hurry in hurries:
        # From the stretch's own beginning: its first hour is asked in too.
        before = hurry.from_at - timedelta(microseconds=1)
        hourly = moment_after(key, min(every_s, HOUR_S), max(after, before))
        if hourly < hurry.to_at:
            due = min(due, hourly)
    return due


def rest_s(server: str, failures: int, asked_for_s: float | None) -> float:
    """Seconds to leave a server alone that failed so many times in a row, or said how long itself.

    Twice as long each time, up to six hours, less up to a quarter by its name, so that servers which
    failed together do not come back together.
    """
    if failures == 0:
        return min(asked_for_s or 0.0, _MOST_SAID_S)
    whole = min(_LEAST_S * 2.0 ** min(failures - 1, 20), _MOST_S)
    share = (
        int.from_bytes(blake2b(f"{server} {failures}".encode(), digest_size=2).digest()) / 65_536
    )
    own = max(whole * (1 - share / 4), _LEAST_S / 2)
    return max(own, min(asked_for_s or 0.0, _MOST_SAID_S))
