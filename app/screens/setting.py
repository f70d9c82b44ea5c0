"""What is set for a screen: where it hangs, who passes it, what it plays, when it rests. Pure."""

from __future__ import annotations

from datetime import time
from typing import Literal

import msgspec


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of one screen, as they are kept."""

    name: str  # "Canteen, left of the door"
    place: str = ""  # slides can be for a place: "Lisbon", "Reception"; '' for none
    audience: Literal["staff", "public"] = (
        "public"  # public shows less, so it is what holds at first
    )
    playlist: int | None = None  # its id; None plays the standard one
    language: str = "en"  # a file in app/screens/words
    look: Literal["dark", "day"] = "dark"  # day: light from seven to seven, dark at night
    rests_from: time | None = None  # from then on the picture is black, …
    rests_until: time | None = None  # … until then, in the company's time; both or neither

    def rests(self, at: time) -> bool:
        """Whether the screen rests at a time of the day; the stretch may go over midnight."""
        if (
            self.rests_from is None
            or self.rests_until is None
            or self.rests_from == self.rests_until
        ):
            return False
        if self.rests_from < self.rests_until:
            return self.rests_from <= at < self.rests_until
        return at >= self.rests_from or at < self.rests_until
