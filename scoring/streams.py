"""Streams that Fanfare listens to: how far each was heard, and what is known of what they undo.

Law: how far a stream was heard is written in the transaction of what was heard, so that a listener which dies
goes on without a gap.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from scoring.connection import Connection
from scoring.identity import native_key


async def position_of(connection: Connection, stream: str) -> int | None:
    """Where in a stream listening goes on; None for one that was never heard."""
    position: int | None = await connection.fetchval(
        "select position from stream_position where stream = $1", stream
    )
    return position


async def note_position(connection: Connection, stream: str, position: int, now: datetime) -> None:
    """Note how far a stream was heard; it never goes back."""
    await connection.execute(
        """insert into stream_position (stream, position, heard_at) values ($1, $2, $3)
           on conflict (stream) do update
             set position = greatest(stream_position.position, excluded.position),
                 heard_at = excluded.heard_at""",
        stream,
        position,
        now,
    )


async def accounts_on(connection: Connection, network: str, now: datetime) -> frozenset[str]:
    """The native ids of a network's accounts that are somebody's, or the company's, now."""
    rows = await connection.fetch(
        """select a.native_id from (
             select distinct on (o.account_id) o.account_id, o.person_id, o.company from ownership o
             join account known on known.id = o.account_id and known.platform = $1
             where o.effective_at <= $2 order by o.account_id, o.effective_at desc, o.id desc) last
           join account a on a.id = last.account_id
           where last.company or last.person_id is not null""",
        network,
        now,
    )
    return frozenset(row["native_id"] for row in rows)


async def known_deeds(
    connection: Connection, network: str, names: Collection[str]
) -> frozenset[str]:
    """Those of the names behind which a deed or post is known."""
    keys = {native_key(network, name): name for name in names}
    rows = await connection.fetch(
        """select native_key as key from engagement where native_key = any($1::uuid[])
           union select post_id from post where post_id = any($1::uuid[])""",
        list(keys),
    )
    return frozenset(keys[row["key"]] for row in rows)
