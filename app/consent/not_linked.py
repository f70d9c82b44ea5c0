"""What a person who came back from a network reads where nothing was linked."""

from __future__ import annotations

from typing import Final

from app.consent.pending import Leaving
from scoring import Named

AWAY: Final = "{why} Nothing was linked; please try again in a minute."


class NotLinked(Exception):
    """Nothing was linked; the message tells the person why and what to do. `leaving`: what they chose,
    where that is known; `taken`: the account that is somebody else's; `claim_id`: where they can go on."""

    def __init__(
        self, words: str, leaving: Leaving | None = None, *, taken: Named | None = None
    ) -> None:
        super().__init__(words)
        self.leaving = leaving
        self.taken = taken
        self.claim_id: int | None = None
