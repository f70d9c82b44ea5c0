"""What is handed to the store: deliveries with what their adapters read in them."""

from __future__ import annotations

from typing import NamedTuple

from scoring.facts import Delivery, Telling


class Told(NamedTuple):
    """A delivery and what its adapter read in it."""

    delivery: Delivery
    telling: Telling

    @property
    def platform(self) -> str:
        """The network the facts are about."""
        return self.telling.platform or self.delivery.platform
