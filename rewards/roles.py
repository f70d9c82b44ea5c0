"""Who holds a role, for decisions that are money. Roles are given in app; here they are only read.

Law: a page that forgets to ask changes nothing: what costs money asks again, in its own transaction.
"""

from __future__ import annotations

from typing import Literal

from rewards.connection import Connection

Role = Literal["hr", "communications", "leader", "administrator"]


async def holds(connection: Connection, person_id: int, role: Role) -> bool:
    """Whether a person holds a role now."""
    granted: bool | None = await connection.fetchval(
        """select granted from role_grant where person_id = $1 and role = $2
           order by id desc limit 1""",
        person_id,
        role,
    )
    return bool(granted)


async def holders(connection: Connection, role: Role) -> list[int]:
    """Everybody who holds a role now."""
    rows = await connection.fetch(
        """select person_id from (
             select distinct on (person_id) person_id, granted from role_grant where role = $1
             order by person_id, id desc) held where granted order by person_id""",
        role,
    )
    return [row["person_id"] for row in rows]
