"""Links that sign somebody in: the first administrator and invited people once, in the demo always.

Law: only a hash is kept, and a link for one use is used up by the statement that checks it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from app.database import Connection

Purpose = Literal["first_admin", "invite", "demo"]
# Long enough to be found in a mailbox after a weekend; the administrator's is used at once.
LASTS: Final[dict[Purpose, timedelta]] = {
    "first_admin": timedelta(days=1),
    "invite": timedelta(days=7),
    "demo": timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a valid link is for."""

    person_id: int
    purpose: Purpose
    name: str
    email: str


async def make(
    connection: Connection,
    person_id: int,
    purpose: Purpose,
    now: datetime,
    token: str | None = None,
) -> str:
    """Make a link and return its secret, which is shown once and kept nowhere."""
    token = token or secrets.token_urlsafe(32)
    await connection.execute(
        """insert into one_time_link (token_hash, person_id, purpose, made_at, expires_at, used_at)
           values ($1, $2, $3, $4, $5, null) on conflict (token_hash) do nothing""",
        _hash(token),
        person_id,
        purpose,
        now,
        now + LASTS[purpose],
    )
    return token


async def look_up(connection: Connection, token: str, now: datetime, *, demo: bool) -> Link | None:
    """Whom a link is for, while it is valid; demo links only where the demo runs."""
    row = await connection.fetchrow(
        """select l.person_id, l.purpose, p.name, p.email
           from one_time_link l join profile p using (person_id)
           where token_hash = $1 and expires_at > $2 and used_at is null
             and (purpose <> 'demo' or $3)""",
        _hash(token),
        now,
        demo,
    )
    return None if row is None else Link(*row.values())


async def use_up(connection: Connection, token: str, now: datetime) -> bool:
    """Use a link for its one time; False when somebody was faster or it is over.

    The person's other links are over with it: one that lies in an old mail must not set a password.
    """
    person_id = await connection.fetchval(
        """update one_time_link set used_at = $2
           where token_hash = $1 and used_at is null and expires_at > $2 and purpose <> 'demo'
           returning person_id""",
        _hash(token),
        now,
    )
    await connection.execute(
        """update one_time_link set used_at = $2
           where person_id = $1 and used_at is null and purpose <> 'demo'""",
        person_id,
        now,
    )
    return person_id is not None


def _hash(token: str) -> bytes:
    # A random token of 256 bits needs no slow hash.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
