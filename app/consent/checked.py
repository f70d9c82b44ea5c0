"""Whether every token can be read, and which keys are still needed: for `fanfare doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.consent.keys import Keys, Unreadable


@dataclass(frozen=True, slots=True)
class Held:
    """How many accounts are seen by consent, and under which keys their tokens lie."""

    working: int
    ended: int
    older: int  # under a key that is set, but not the first
    unreadable: int  # under a key that is not set

    def words(self) -> str:
        """A sentence for an administrator."""
        if self.unreadable:
            return (
                f"the tokens of {self.unreadable} cannot be read: their key is gone. They are set aside, and "
                "nothing is asked with them. Put the key back into FANFARE_TOKEN_KEYS (or "
                "FANFARE_SECRET_KEY) and they go on within seconds; or their owners give them again."
            )
        if self.older:
            return (
                f"{self.older} still lie under an older key, which must stay in FANFARE_TOKEN_KEYS; the "
                "worker moves them within minutes."
            )
        return f"{self.working} accounts are seen by consent, {self.ended} wait for their owner"


async def held(connection: Any, keys: Keys) -> Held:
    """Count them; one token of each key is opened."""
    rows = await connection.fetch(
        """select sealed_by, count(*) as count, (array_agg(access))[1] as one from (
             select sealed_by, access from consent where access is not null
             union all select sealed_by, client_secret from consent_app) sealed
           group by sealed_by"""
    )
    older = unreadable = 0
    for row in rows:
        try:
            keys.open(row["one"])
        except Unreadable:
            unreadable += row["count"]
        else:
            older += row["count"] if row["sealed_by"] != keys.name else 0
    states = await connection.fetchrow(
        """select count(*) filter (where state in ('given', 'expiring') and aside_at is null) as working,
             count(*) filter (where state = 'refused') as ended from consent"""
    )
    return Held(states["working"], states["ended"], older, unreadable)
