"""Checking and setting a person's password in the database."""

from __future__ import annotations

from datetime import datetime

from app.auth import passwords
from app.database import Connection, transaction
from scoring import record_audit


async def person_with(email: str, password: str) -> int | None:
    """Who has this e-mail address and password; None says no more than that.

    No connection is held while the password is being compared.
    """
    async with transaction(readonly=True) as connection:
        row = await connection.fetchrow(
            """select person_id, password_hash from credential join profile using (person_id)
               where lower(email) = lower($1)""",
            email,
        )
    kept = None if row is None else row["password_hash"]
    if not await passwords.matches(password, kept) or row is None:
        return None
    if passwords.outdated(row["password_hash"]):
        stronger = await passwords.hashed(password)
        async with transaction() as connection:
            # Compared again: a password changed meanwhile must win.
            await connection.execute(
                """update credential set password_hash = $3
                   where person_id = $1 and password_hash = $2""",
                row["person_id"],
                row["password_hash"],
                stronger,
            )
    person_id: int = row["person_id"]
    return person_id


async def set_password(
    connection: Connection, person_id: int, password_hash: str, now: datetime
) -> None:
    """Keep a new hash; every session that began before is over."""
    await connection.execute(
        """insert into credential (person_id, password_hash, changed_at) values ($1, $2, $3)
           on conflict (person_id) do update
             set password_hash = excluded.password_hash, changed_at = excluded.changed_at""",
        person_id,
        password_hash,
        now,
    )
    await record_audit(connection, person_id, "password_set", f"person:{person_id}", {}, now)
