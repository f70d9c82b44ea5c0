"""Subscribing at a hub by WebSub (W3C Recommendation of 2018-01-23): what we ask, what it asks back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from scoring.platforms.asking import Ask

if TYPE_CHECKING:
    from scoring.platforms.platform import Secrets

_LONGEST_S: Final = 30 * 86_400  # whatever a hub says, after so long it is asked again


class Wish(StrEnum):
    """What we want of a hub, and what it says of that."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    DENIED = "denied"  # said by the hub alone


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a hub asked back, or denied; `lease_s` for how long, None where it does not say."""

    subject: str
    wish: Wish
    lease_s: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """A network's hub. `ask` (our address, subject, settings, wish) raises NoAsk for what cannot be
    subscribed to. `confirmed` reads a handshake that was proven before."""

    ask: Callable[[str, str, Secrets, Wish], Ask]
    confirmed: Callable[[Mapping[str, str]], Confirmed | None]
    lease_s: int  # what is asked for


def lease_of(text: str) -> int | None:
    """A lease as a hub says it, in seconds; None where it says none that can be."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        return None
    return min(int(text), _LONGEST_S) or None


def renewal(key: str, confirmed_at: datetime, lease_s: int) -> datetime:
    """When to ask again for a promise that lasts so long: after half of it at the earliest, after three
    quarters at the latest, each at a moment of its own, so that a day of trouble loses nothing."""
    share = int.from_bytes(blake2b(key.encode(), digest_size=2).digest()) / 65_536
    return confirmed_at + timedelta(seconds=lease_s * (0.5 + share / 4))
