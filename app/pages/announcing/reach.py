"""Whom an announcement reaches: how many screens, how many entrants, which channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.database import Connection
from app.notify.channels import channels
from app.screens.screens import screens

_ENTRANTS: Final = """
select count(*) from (select distinct on (person_id) state from entrance where contest_id = $1
                      order by person_id, id desc) newest where state = 'entered'
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """Numbers; who the people are is nobody's business."""

    staff: int
    public: int
    entrants: int
    channels: tuple[str, ...]

    @property
    def screens(self) -> int:
        """How many screens show it."""
        return self.staff + self.public

    @property
    def screens_in_words(self) -> str:
        """'12 screens (9 for staff, 3 public)', 'a screen for staff', 'no screen yet'."""
        if not self.screens:
            return "no screen yet"
        if self.staff and self.public:
            return f"{self.screens} screens ({self.staff} for staff, {self.public} public)"
        kind = "public" if self.public else "staff"
        return f"one {kind} screen" if self.screens == 1 else f"{self.screens} {kind} screens"


async def reach(connection: Connection, contest_id: int) -> Reach:
    """Count them."""
    found = await screens(connection)
    public = sum(1 for one in found if one.setting.audience == "public")
    return Reach(
        staff=len(found) - public,
        public=public,
        entrants=await connection.fetchval(_ENTRANTS, contest_id),
        channels=tuple(one.label for one in await channels(connection) if one.active),
    )
