"""What can be given: an integer of minor units of a currency, or of half days. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a budget holds and a prize gives."""

    CASH = "cash"
    DAYS = "days"


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=False):
    """So many minor units of `currency`, or, without a currency, so many half days."""

    units: int
    currency: str | None = None

    @property
    def kind(self) -> Kind:
        """Money or days."""
        return Kind.DAYS if self.currency is None else Kind.CASH
