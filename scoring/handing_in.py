"""Handing a post in: its author says that it may count.

Law: only the author can, and it counts at the moment it was published.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scoring.accounts import NotYours, accounts_of
from scoring.audit import record_audit
from scoring.changes import note
from scoring.connection import Connection
from scoring.identity import native_key


class PostNotKnown(Exception):
    """No network has told of this post yet."""


async def hand_in(connection: Connection, person_id: int, reference: str, now: datetime) -> UUID:
    """Let one of one's own posts count, named by its address or the network's id; returns its id.

    Raises PostNotKnown when no network has told of it, NotYours when somebody else wrote it.
    """
    accounts = {account.id for account in await accounts_of(connection, person_id, now)}
    keys = [native_key(name, reference) for name in await _networks(connection)]
    rows = await connection.fetch(
        """select distinct on (post_id) post_id, author_id from post
           where post_id in (select unnest($1::uuid[])
                             union select post_id from post_text where url = $2)
           order by post_id, published_at, author_id""",
        keys,
        reference,
    )
    if not rows:
        raise PostNotKnown(reference)
    own = [row["post_id"] for row in rows if row["author_id"] in accounts]
    if not own:
        raise NotYours(reference)
    for post_id in own:
        await connection.execute(
            """insert into mark (post_id, name, value, person_id, effective_at, recorded_at)
               values ($1, 'handed_in', null, $2, $3, $3) on conflict do nothing""",
            post_id,
            person_id,
            now,
        )
        await note(connection, posts=[post_id])
        await record_audit(connection, person_id, "handed_in", f"post:{post_id}", {}, now)
    return UUID(str(own[0]))


async def _networks(connection: Connection) -> list[str]:
    rows = await connection.fetch("select distinct platform from account order by platform")
    return [row["platform"] for row in rows]
