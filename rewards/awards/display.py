"""What others may see of an award: the winner's own choice, nothing until they made it."""

from __future__ import annotations

from datetime import datetime

from rewards.awards.award import AwardView
from rewards.awards.reading import award
from rewards.awards.record import locked, note
from rewards.connection import Connection
from rewards.refusal import Refused


async def show_award(
    connection: Connection, award_id: int, *, by: int, name: str, prize: bool, now: datetime
) -> AwardView:
    """`name`: "name", "alias" or "none"; `prize`: whether it may stand beside it. Raises Refused."""
    if name not in ("name", "alias", "none"):
        raise Refused("Choose what others may see.", field="shown")
    async with connection.transaction():
        view = await locked(connection, award_id)
        if by != view.person_id or view.told_at is None:
            raise Refused("Only the winner says what others may see.")
        # Without a name there is nothing that a prize could stand beside.
        prize = prize and name != "none"
        if (view.display.name, view.display.prize) != (name, prize):
            detail = {"name": name, "prize": prize}
            await note(connection, award_id, "shown", by=by, now=now, detail=detail)
        return await award(connection, award_id)
