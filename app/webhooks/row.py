"""One verified delivery on its way into PostgreSQL, and what can become of it.

Law: whatever a network signed fits into a row; a key that could not be stored is hashed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import blake2b

# An index row of PostgreSQL holds about 2,700 bytes; no network's delivery id comes near this.
LONGEST_KEY = 512


class Kept(StrEnum):
    """What a commit did with a delivery; both deserve a 2xx."""

    STORED = "stored"
    KNOWN = "known already"


class NotKept(Exception):
    """The delivery is not committed; the network must send it again."""


class Overloaded(NotKept):
    """More deliveries wait than this process may hold in memory."""


class Unavailable(NotKept):
    """PostgreSQL did not confirm in time. It may hold the row all the same; repeating is safe."""


class RowRefused(NotKept):
    """PostgreSQL refuses this one row whatever it travels with; the message is PostgreSQL's."""


def storable_key(key: str) -> str:
    """Return the key as it is, or a hash of it where PostgreSQL could not index or store it.

    The hash starts with a sign that no plain key of ours has, so both kinds never meet.
    """
    if len(key) <= LONGEST_KEY and key.isprintable() and key and not key.startswith("\u2317"):
        return key
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
    return f"\u2317{digest}"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as the table holds it; `headers` is a JSON object as text, `received_at` aware."""

    platform: str
    delivery_key: str
    headers: str
    body: bytes = field(repr=False)
    received_at: datetime
    source: str = "webhook"

    @classmethod
    def of(
        cls,
        platform: str,
        key: str,
        headers: Mapping[str, str],
        body: bytes,
        received_at: datetime,
        source: str = "webhook",
    ) -> DeliveryRow:
        """Make the row of a verified delivery; the key and the headers become storable."""
        told = {name: value.replace("\x00", "\ufffd") for name, value in headers.items()}
        return cls(platform, storable_key(key), json.dumps(told), body, received_at, source)

    @property
    def recorded_on(self) -> date:
        """The day of receipt in UTC: the partition the row lies in."""
        return self.received_at.astimezone(UTC).date()

    @property
    def identity(self) -> tuple[date, str, str]:
        """What makes two rows the same delivery; also the order in which batches are written."""
        return (self.recorded_on, self.platform, self.delivery_key)
