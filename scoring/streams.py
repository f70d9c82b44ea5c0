"""Streams that Fanfare listens to: how far each was heard, and what is known of what they undo.

Laws: how far a stream was heard is written in the transaction of what was heard, so that a listener which
dies goes on without a gap. A deed that is undone before a worker read it is known all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from scoring.connection import Connection
from scoring.identity import account_id, native_key

# Longer than any raw delivery is kept: by then it was read, or is gone.
_REMEMBERED: Final = timedelta(days=40)
_MOST_STATUSES: Final = 2_000  # of one account
_MOST_DEEDS_OF_ONE: Final = (
    10_000  # of an account that is gone; what is more is left to the next telling
)


async def position_of(connection: Connection, stream: str) -> int | None:
    """Where in a stream listening goes on; None for one that was never heard."""
    position: int | None = await connection.fetchval(
        "select position from stream_position where stream = $1", stream
    )
    return position


async def heard_last(connection: Connection, stream: str) -> datetime | None:
    """When something of a stream was committed last; None for one that was never heard."""
    at: datetime | None = await connection.fetchval(
        "select heard_at from stream_position where stream = $1", stream
    )
    return at


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


async def begin_anew(connection: Connection, stream: str, position: int, now: datetime) -> None:
    """Note a position of a stream whose numbers began anew: the one way in which it goes back."""
    await connection.execute("delete from stream_position where stream = $1", stream)
    await note_position(connection, stream, position, now)


async def mark_of(connection: Connection, stream: str) -> str | None:
    """Where listening goes on in a stream whose positions are no numbers; None where it begins."""
    mark: str | None = await connection.fetchval(
        "select mark from stream_mark where stream = $1", stream
    )
    return mark


async def note_mark(connection: Connection, stream: str, mark: str, now: datetime) -> None:
    """Note how far such a stream was heard. Of two marks the longer is later, of equally long ones the
    greater, which is the order of numbers and of the sortable names that servers give."""
    await connection.execute(
        """insert into stream_mark (stream, mark, noted_at) values ($1, $2, $3)
           on conflict (stream) do update set mark = excluded.mark, noted_at = excluded.noted_at
             where (length(excluded.mark), excluded.mark collate "C")
                 > (length(stream_mark.mark), stream_mark.mark collate "C")""",
        stream,
        mark,
        now,
    )


# What PostgreSQL notifies of whenever somebody links or unlinks an account.
ACCOUNTS_CHANGED: Final = "fanfare_accounts"


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


async def remember_deeds(
    connection: Connection, network: str, deeds: Mapping[str, str | None], now: datetime
) -> None:
    """Remember what was told and is not read yet, by name: who did it, where everything that somebody did
    can be undone by a word. Sorted, so that two listeners wait in one order."""
    known = sorted({native_key(network, name): (name, by) for name, by in deeds.items()}.items())
    await connection.execute(
        """insert into stream_deed (native_key, actor_id, native_id, heard_at)
           select key, actor, case when actor is not null then name end, $4
           from unnest($1::uuid[], $2::uuid[], $3::text[]) as n(key, actor, name)
           on conflict do nothing""",
        [key for key, _ in known],
        [None if by is None else account_id(network, by) for _, (_, by) in known],
        [name for _, (name, _) in known],
        now,
    )


async def forget_deeds(connection: Connection, now: datetime) -> None:
    """Forget what was told so long ago that it was read since."""
    await connection.execute("delete from stream_deed where heard_at < $1", now - _REMEMBERED)


async def known_deeds(
    connection: Connection, network: str, names: Collection[str]
) -> frozenset[str]:
    """Those of the names behind which a deed or post is known."""
    keys = {native_key(network, name): name for name in names}
    rows = await connection.fetch(
        """select native_key as key from engagement where native_key = any($1::uuid[])
           union select native_key from alias where native_key = any($1::uuid[])
           union select post_id from post where post_id = any($1::uuid[])
           union select native_key from stream_deed where native_key = any($1::uuid[])""",
        list(keys),
    )
    return frozenset(keys[row["key"]] for row in rows)


async def deeds_of(
    connection: Connection, network: str, actors: Collection[str]
) -> dict[str, list[str]]:
    """The names of all that is known of what accounts did, none of it undone yet; also of what was told
    and nobody has read."""
    keys = {account_id(network, actor): actor for actor in actors}
    rows = await connection.fetch(
        """select actor_id, native_id from (
             select actor_id, native_id, native_key from engagement where actor_id = any($1::uuid[])
             union
             select actor_id, native_id, native_key from stream_deed where actor_id = any($1::uuid[])
           ) known
           where not exists (select from removal r where r.native_key = known.native_key)
           order by actor_id, native_id limit $2""",
        list(keys),
        _MOST_DEEDS_OF_ONE * max(len(keys), 1),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(keys[row["actor_id"]], []).append(row["native_id"])
    return {actor: list(dict.fromkeys(names)) for actor, names in found.items()}


async def shown_otherwise(
    connection: Connection, network: str, handles: Mapping[str, str]
) -> frozenset[str]:
    """Those of a network's accounts that are shown under another handle than these."""
    rows = await connection.fetch(
        """select a.native_id from unnest($2::text[], $3::text[]) told (native_id, handle)
           join account a on a.platform = $1 and a.native_id = told.native_id
           join account_face f on f.account_id = a.id and f.handle <> told.handle""",
        network,
        list(handles),
        list(handles.values()),
    )
    return frozenset(row["native_id"] for row in rows)


async def rename_accounts(connection: Connection, network: str, handles: Mapping[str, str]) -> None:
    """Show accounts under the handles they have now; an account stays the one it is."""
    await connection.execute(
        """update account_face f set handle = told.handle
           from account a, unnest($2::text[], $3::text[]) told (native_id, handle)
           where a.platform = $1 and a.native_id = told.native_id and f.account_id = a.id
             and f.handle <> told.handle""",
        network,
        list(handles),
        list(handles.values()),
    )


async def statuses_on(connection: Connection, stream: str) -> dict[str, datetime]:
    """The numbers of what an account of ours has on its server, as far as it was heard, and when."""
    rows = await connection.fetch(
        "select number, heard_at from stream_status where stream = $1", stream
    )
    return {row["number"]: row["heard_at"] for row in rows}


async def note_statuses(
    connection: Connection,
    stream: str,
    now: datetime,
    *,
    there: Collection[str] = (),
    gone: Collection[str] = (),
) -> None:
    """Note what is there on its server, and what is there no more."""
    if there:
        await connection.execute(
            """insert into stream_status (stream, number, heard_at)
               select $1, number, $3 from unnest($2::text[]) number on conflict do nothing""",
            stream,
            sorted(there),
            now,
        )
        # Of these a few hundred are ever looked for again, whatever a server makes up.
        await connection.execute(
            """delete from stream_status where stream = $1 and id <= (
                 select id from stream_status where stream = $1
                 order by id desc offset $2 limit 1)""",
            stream,
            _MOST_STATUSES,
        )
    if gone:
        await connection.execute(
            "delete from stream_status where stream = $1 and number = any($2::text[])",
            stream,
            list(gone),
        )
    # What nobody can look for any more, for it stands behind hundreds of newer ones.
    await connection.execute(
        "delete from stream_status where stream = $1 and heard_at < $2", stream, now - _REMEMBERED
    )
