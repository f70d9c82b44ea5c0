"""What is handed to the store: deliveries with what their adapters read in them.

Law: a fact became known when its delivery was received, not when a worker came to it; so what counts
in a contest that settles does not depend on how busy the workers are. What is only understood when a
delivery is read once more becomes known then.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from scoring.facts import Delivery, Telling


class Told(NamedTuple):
    """A delivery and what its adapter read in it."""

    delivery: Delivery
    telling: Telling
    known_at: datetime | None = None  # None: as it is stored

    @property
    def platform(self) -> str:
        """The network the facts are about."""
        return self.telling.platform or self.delivery.platform
