"""One request to an address of the web, and what came of it.

Laws: whatever the receiver does, the answer is a value and no error, so that no receiver ends the
telling of others; nothing that the guarded network forbids is reached; redirects are not followed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpcore

from app.going_out import GuardedNetwork, Networks, NotReachable

TIMEOUT_S: Final = 15.0  # Standard Webhooks recommends 15 to 30
_KEPT_OF_AN_ANSWER: Final = 200  # bytes; enough to recognise an error page


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one attempt; `status` None: nobody answered."""

    status: int | None
    said: str
    took_ms: int
    retry_after: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


async def post(
    url: str, headers: Mapping[str, str], body: bytes, networks: Networks, now: datetime
) -> Answer:
    """Send a body to an address, within `TIMEOUT_S` altogether."""
    begun = time.monotonic()

    def answer(status: int | None, said: str, retry_after: timedelta | None = None) -> Answer:
        return Answer(status, said, round((time.monotonic() - begun) * 1000), retry_after)

    network = GuardedNetwork(networks, plain=url.startswith("http://"))
    limits = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_S)
    try:
        async with (
            asyncio.timeout(TIMEOUT_S),
            httpcore.AsyncConnectionPool(network_backend=network) as pool,
            pool.stream(
                "POST",
                url,
                headers=[*headers.items()],
                content=body,
                extensions={"timeout": limits},
            ) as response,
        ):
            beginning = b""
            async for piece in response.aiter_stream():
                beginning += piece
                if len(beginning) >= _KEPT_OF_AN_ANSWER:
                    break
            retry_after = _retry_after(response.headers, now)
            return answer(response.status, readable(beginning), retry_after)
    except NotReachable as why:
        return answer(None, str(why))
    except (TimeoutError, httpcore.TimeoutException):
        return answer(None, f"no answer within {TIMEOUT_S:.0f} seconds")
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as fault:
        return answer(None, f"the connection failed: {str(fault) or type(fault).__name__}")


def readable(beginning: bytes) -> str:
    """The beginning of what somebody answered, as a line that can be shown."""
    text = beginning[:_KEPT_OF_AN_ANSWER].decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _retry_after(headers: Sequence[tuple[bytes, bytes]], now: datetime) -> timedelta | None:
    """What a receiver asks for, in seconds or as a date (RFC 9110, 10.2.3); None when unreadable."""
    for name, value in headers:
        if name.lower() == b"retry-after":
            text = value.decode("latin-1").strip()
            if text.isascii() and text.isdecimal():
                # So long a number is more than a day whatever its digits; int() takes 4,300 at most.
                return timedelta(seconds=min(int(text[:9]), 86_400))
            try:
                return max(parsedate_to_datetime(text) - now, timedelta())
            except (ValueError, TypeError, OverflowError):
                return None
    return None
