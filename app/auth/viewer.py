"""Who looks at a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from app.database import Connection

Role = Literal["hr", "communications", "leader", "administrator"]
# Everybody is an employee; these are granted. In the order pages list them.
ROLES: Final[tuple[Role, ...]] = ("hr", "communications", "leader", "administrator")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person: who they are and what they may do.

    `enrolment` is 'active', 'paused', 'left', or None for somebody who never joined.
    """

    person_id: int
    name: str
    email: str
    roles: frozenset[str]
    enrolment: str | None
    unread: int = 0  # notices not seen yet

    def may(self, role: Role) -> bool:
        """Whether the person holds a role."""
        return role in self.roles

    @property
    def is_ambassador(self) -> bool:
        """Whether something of this person may count now."""
        return self.enrolment == "active"


async def viewer_by_id(
    connection: Connection, person_id: int
) -> tuple[Viewer | None, datetime | None]:
    """The person and when they last set the password of this record; None for somebody who is not known
    any more. Who signs in under a record that turned out to be another's is that person."""
    row = await connection.fetchrow(
        """
        select p.person_id, p.name, p.email,
          array(select role from (
              select distinct on (role) role, granted from role_grant
              where person_id = p.person_id order by role, id desc) held where granted) as roles,
          (select state from enrolment e where e.person_id = p.person_id and e.effective_at <= now()
             order by e.effective_at desc, e.id desc limit 1) as enrolment,
          (select count(*) from notice n where n.person_id = p.person_id
             and not exists (select from notice_read r where r.notice_id = n.id)) as unread,
          (select changed_at from credential where person_id = $1) as changed_at
        from profile p where p.person_id = coalesce(
          (select into_id from same_person where record_id = $1 order by id desc limit 1), $1)
        """,
        person_id,
    )
    if row is None:
        return None, None
    viewer = Viewer(
        row["person_id"],
        row["name"],
        row["email"],
        frozenset(row["roles"]),
        row["enrolment"],
        row["unread"],
    )
    return viewer, row["changed_at"]
