"""Where listening to a Bluesky stream goes on: from its first moment, after days away, where a server knows
nothing of our position.

Laws: where it began is noted before anything is told, so that whoever dies then goes on from there; what a
server does not tell any more is a gap, and that our own accounts did nothing is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from websockets.exceptions import InvalidStatus

from app.streams.addresses import Speaks, Stream
from scoring import begin_anew, heard_last

_log = structlog.get_logger(__name__)

# A Jetstream tells no more; its first version says nothing of it.
_LOOK_BACK: Final = timedelta(hours=36)
_SKEW: Final = timedelta(minutes=1)  # of our clock to a server's


@dataclass(frozen=True, slots=True)
class Begun:
    """Listening begins anew: `again` says where, None: where it is noted now; `gap`: something is missing."""

    again: int | None
    gap: bool


def beginning(stream: Stream, now: datetime) -> int:
    """Where a stream begins for us that was never heard: of a Jetstream's first version its time; elsewhere
    0, from where a server tells all it has, or says that this is too old."""
    return _microseconds(now - _SKEW) if stream.speaks is Speaks.JETSTREAM else 0


async def missed(connection: Any, stream: Stream, position: int, now: datetime) -> bool:
    """Whether a Jetstream of the first version, which says nothing of it, keeps less than we were away."""
    if stream.speaks is not Speaks.JETSTREAM:
        return False
    told_at = datetime.fromtimestamp(position / 1_000_000, UTC)
    return await _away(connection, stream, told_at, now)


async def begun_anew(connection: Any, stream: Stream, name: str, now: datetime) -> Begun | None:
    """What follows where a server says by that name that our position is none; None for another name."""
    at = await heard_last(connection, stream.name)
    if at is None or name not in ("FutureCursor", "CursorTooOld"):
        return None
    await begin_anew(connection, stream.name, 0, at)
    _log.warning("stream_begun_anew", stream=stream.name, why=name)
    if name == "FutureCursor":
        # The server's numbers began anew, as after a restored backup: all of it, known by name.
        return Begun(None, gap=True)
    # By the time instead, which is cut to what the server still has.
    gap = not stream.only_ours or await _away(connection, stream, at, now)
    return Begun(_microseconds(at), gap)


async def _away(connection: Any, stream: Stream, told_at: datetime, now: datetime) -> bool:
    """Whether more happened than a Jetstream keeps, since it told something last; or, where it tells of our
    own accounts alone, which do nothing for weeks, since we listened last."""
    at = await heard_last(connection, stream.name) if stream.only_ours else None
    return now - (at or told_at) > _LOOK_BACK


def least(positions: Iterable[int | None]) -> int | None:
    """How far all connections were heard; one that has told nothing yet was silent since we came."""
    return min((position for position in positions if position is not None), default=None)


def refusal_in(answer: InvalidStatus) -> str:
    """The name of the error in an answer to a connection; empty for none of these."""
    body = answer.response.body or b""
    return next((name for name in ("CursorTooOld", "FutureCursor") if name.encode() in body), "")


def _microseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
