"""How long a network wants to be left alone, read from its answers. Pure.

Law: whatever a header says, the answer is a number of seconds from 0 to a day, or that nothing was said.
Sources, read 2026-11-22: RFC 9110 10.2.3 (Retry-After); docs.x.com, fundamentals/rate-limits;
docs.joinmastodon.org/api/rate-limits; docs.bsky.app, rate-limits; developers.facebook.com,
graph-api/overview/rate-limiting.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from scoring.platforms.asking import Answer

_MOST_S: Final = 86_400.0
# Prefixes of «…-remaining» and «…-reset»: X, Mastodon, Bluesky and the drafts of the IETF.
_FAMILIES: Final = ("x-rate-limit", "x-ratelimit", "ratelimit")
_SINCE_1970: Final = (
    1_000_000_000  # a larger number of seconds is a moment, a smaller one a stretch
)
_USAGES: Final = ("x-app-usage", "x-business-use-case-usage")
_FULL: Final = 95  # percent of what Meta allows: some of it is left for the company's other work
_MINUTE_S: Final = 60.0
_USED_UP_S: Final = 3_600.0  # Meta's windows are of an hour


def wait_s(answer: Answer, now: datetime) -> float | None:
    """Seconds to ask nothing of whoever answered; None where it says nothing of the kind."""
    said = [one for one in _said(answer, now.timestamp()) if one is not None]
    return min(max(0.0, *said), _MOST_S) if said else None


def _said(answer: Answer, now: float) -> Iterator[float | None]:
    yield answer.retry_after_s(now)
    for family in _FAMILIES:
        left = _number(answer.headers.get(f"{family}-remaining", ""))
        if left is not None and left < 1:
            yield _until(answer.headers.get(f"{family}-reset", ""), now)
    for name in _USAGES:
        yield _used_up(answer.headers.get(name, ""))


def _number(text: str) -> float | None:
    try:
        value = float(text.split(",")[0].split(";")[0])
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _until(text: str, now: float) -> float | None:
    """A moment in seconds since 1970 or in ISO 8601, or a stretch of seconds, as seconds from now."""
    value = _number(text)
    if value is not None:
        return value - now if value >= _SINCE_1970 else value
    try:
        at = datetime.fromisoformat(text.strip())
        return at.replace(tzinfo=at.tzinfo or UTC).timestamp() - now
    except (ValueError, OverflowError):
        return None


def _used_up(text: str) -> float | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    waits = [_wait_of(usage) for usage in _usages(said)]
    return max((one for one in waits if one is not None), default=None)


def _usages(said: Any) -> Iterator[Mapping[str, Any]]:
    """`{"call_count": 28, …}`, or lists of the like by the id of what was used."""
    if not isinstance(said, dict):
        return
    yield said
    for member in said.values():
        if isinstance(member, list):
            yield from (one for one in member if isinstance(one, dict))


def _wait_of(usage: Mapping[str, Any]) -> float | None:
    minutes = _figure(usage.get("estimated_time_to_regain_access"))
    if minutes > 0:
        return minutes * _MINUTE_S
    shares = [_figure(usage.get(name)) for name in ("call_count", "total_time", "total_cputime")]
    return _USED_UP_S if max(shares) >= _FULL else None


def _figure(value: object) -> float:
    """A number as JSON holds it; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        return float(value) if math.isfinite(value) else 0.0
    except OverflowError:  # an integer beyond all floats
        return 0.0
