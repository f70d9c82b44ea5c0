"""Leave to watch what not everybody may hear of: a page puts it into the address of its stream. Pure.

Nobody signs in at the live process. So whoever may open a page is let in by its guard, and the page's address
of the stream says so to the live process, for these topics and for a while. Law: without it nobody hears when
something came from a network, when screens are prepared, or when somebody changes how they are shown; that a
board or a contest has something new says nothing of anyone.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from app.live.topics import is_topic

# Of a page, and of a television, which nobody loads anew for months; then both look by themselves.
PAGE: Final = timedelta(hours=12)
TELEVISION: Final = timedelta(days=400)
_SHAPE: Final = re.compile(r"([0-9]{1,12})\.([0-9a-f]{40})")


def needing_leave(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the watched names that not everybody may watch."""
    return tuple(sorted(n for n in set(names) if is_topic(n) and not n.startswith("contest:")))


def leave(secret_key: str, names: Iterable[str], now: datetime, lasts: timedelta = PAGE) -> str:
    """Leave to watch these for so long, or up to twice as long: a page that is asked for again within that
    time has the same, so that its stream goes on. Empty where none is needed."""
    asked = needing_leave(names)
    if not asked:
        return ""
    span_s = int(lasts.total_seconds())
    until = (int(now.timestamp()) // span_s + 2) * span_s
    return f"{until}.{_signed(secret_key, asked, until)}"


def leave_ends_at(
    secret_key: str | None, names: Iterable[str], given: str, now: datetime
) -> datetime | None:
    """Until when a leave holds for all of these that need one; None where it does not."""
    found = _SHAPE.fullmatch(given)
    if found is None or secret_key is None:
        return None
    until = int(found[1])
    if not hmac.compare_digest(found[2], _signed(secret_key, needing_leave(names), until)):
        return None
    return datetime.fromtimestamp(until, UTC) if now.timestamp() < until else None


def _signed(secret_key: str, names: tuple[str, ...], until: int) -> str:
    told = f"live:{','.join(names)}:{until}"
    return hmac.digest(secret_key.encode(), told.encode(), "sha256").hex()[:40]
