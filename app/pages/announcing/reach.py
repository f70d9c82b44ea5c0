"""Whom an announcement reaches: how many screens, how many entrants, which channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.database import Connection
from app.pages.words import counted
from app.screens.screens import screens

_ENTRANTS: Final = """
select count(*) from (select distinct on (person_id) state from entrance where contest_id = $1
                      order by person_id, id desc) newest where state = 'entered'
"""
_CHANNELS: Final = """
select c.label from channel c where coalesce((
  select change from channel_change h where h.channel_id = c.id order by h.id desc limit 1
), 'resumed') = 'resumed' order by c.id
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """Numbers; who the people are is nobody's business."""

    staff: int
    public: int
    entrants: int
    channels: tuple[str, ...]

    @property
    def screens(self) -> str:
        """'12 screens, of which 3 are public'."""
        count = self.staff + self.public
        if not count:
            return "no screen yet"
        words = counted(count, "screen")
        if not self.public:
            return f"{words}, for staff"
        if not self.staff:
            return f"{words}, public"
        return f"{words}: {self.staff} for staff, {self.public} public"


async def reach(connection: Connection, contest_id: int) -> Reach:
    """Count them."""
    found = await screens(connection)
    public = sum(1 for one in found if one.setting.audience == "public")
    labels = await connection.fetch(_CHANNELS)
    return Reach(
        staff=len(found) - public,
        public=public,
        entrants=await connection.fetchval(_ENTRANTS, contest_id),
        channels=tuple(row["label"] for row in labels),
    )
