"""Roles given and taken back.

Law: nobody decides about themselves; so the administrator who acts always remains one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from app.auth.viewer import ROLES
from app.database import Connection
from scoring import everyone_of, record_audit


class OwnRoles(Exception):
    """Somebody tried to change their own roles, under whichever record of theirs."""


async def roles_of(connection: Connection, person_id: int) -> frozenset[str]:
    """The roles a person holds now, besides being an employee."""
    rows = await connection.fetch(
        """select role from (
             select distinct on (role) role, granted from role_grant where person_id = $1
             order by role, id desc) held where granted""",
        person_id,
    )
    return frozenset(row["role"] for row in rows)


async def administrators(connection: Connection) -> list[int]:
    """Who is an administrator now."""
    rows = await connection.fetch(
        """select person_id from (
             select distinct on (person_id) person_id, granted from role_grant
             where role = 'administrator' order by person_id, id desc) held
           where granted order by person_id"""
    )
    return [row["person_id"] for row in rows]


async def set_roles(
    connection: Connection,
    person_id: int,
    wanted: Collection[str],
    granted_by: int | None,
    now: datetime,
) -> None:
    """Give and take roles until a person holds exactly `wanted`. Raises OwnRoles.

    `granted_by` None is the command line, on the machine itself.
    """
    if granted_by is not None and granted_by in await everyone_of(connection, person_id):
        raise OwnRoles(person_id)
    held = await roles_of(connection, person_id)
    for role in ROLES:
        if (role in held) == (role in wanted):
            continue
        await connection.execute(
            """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
               values ($1, $2, $3, $4, $5)""",
            person_id,
            role,
            role in wanted,
            granted_by,
            now,
        )
        action = "role_granted" if role in wanted else "role_taken"
        subject = f"person:{person_id}"
        await record_audit(connection, granted_by, action, subject, {"role": role}, now)
