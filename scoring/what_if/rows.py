"""Deeds as rows of numbers, read in bulk: what most of them are needed for takes no object each.

Law: a row says of itself when it may not stand for what was told: taken back, named twice, dated anew
or held. Such a deed is read again whole, as any other part of scoring reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import TypeAlias
from uuid import UUID

from asyncpg.pgproto import pgproto

from scoring.connection import Connection
from scoring.deed import Deed
from scoring.facts import Kind

# id, native key, actor, target, post, thread (else the post), µs since 2000, the place of its kind,
# how it is to be taken
Row: TypeAlias = tuple[bytes, bytes, bytes, bytes, bytes, bytes, int, int, int]

KINDS = tuple(Kind)
NOBODY = bytes(16)  # where the network names no account or post
PLAIN, BY_A_LINKED, CHANGED = 0, 1, 2
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's, whose times travel as they are
MICROSECOND = timedelta(microseconds=1)

# PostgreSQL's binary COPY: a header, then for each row the number of fields and each with its length.
_HEADER, _TRAILER = 19, 2
_ROW = Struct(">2x" + "4x16s" * 6 + "4xq" + "4xh" * 2)
_NONE = "'00000000-0000-0000-0000-000000000000'::uuid"
_COLUMNS = f"""
  e.id, e.native_key, coalesce(e.actor_id, {_NONE}), coalesce(e.target_id, {_NONE}),
  coalesce(e.post_id, {_NONE}), coalesce(e.thread_id, e.post_id, {_NONE}), e.occurred_at,
  array_position(array[{", ".join(f"'{kind.value}'" for kind in KINDS)}], e.kind)::int2 - 1::int2,
  (case when exists (select from removal x where x.native_key = e.native_key)
          or exists (select from alias x where x.engagement_id = e.id)
          or exists (select from retiming x where x.engagement_id = e.id)
          or exists (select from hold x where x.engagement_id = e.id) then {CHANGED}
        when exists (select from ownership x where x.account_id = e.actor_id) then {BY_A_LINKED}
        else {PLAIN} end)::int2
"""
_SIDES = {"target": "target_id", "actor": "actor_id", "post": "post_id"}

Since: TypeAlias = Mapping[Kind, datetime]  # from when on each kind is read


async def done_to(
    connection: Connection, side: str, refs: Sequence[UUID], since: Since, end_at: datetime
) -> list[Row]:
    """What was done to these accounts or posts, or by these accounts (`side`), until a moment."""
    if not refs or not since:
        return []
    return await _read(
        connection,
        f"""from unnest($1::uuid[]) as r(id)
            cross join unnest($2::text[], $3::timestamptz[]) as k(kind, from_at)
            join engagement e on e.{_SIDES[side]} = r.id and e.kind = k.kind
              and e.occurred_at >= k.from_at and e.occurred_at < $4""",
        refs,
        *_split(since),
        end_at,
    )


async def to_posts_before(
    connection: Connection,
    posts: Collection[bytes],
    until: Since,
    published_before: datetime,
    accounts: Sequence[UUID],
    echoes: Sequence[UUID],
) -> list[Row]:
    """What was done to these posts before, as far as it concerns these accounts.

    Posts published later than `published_before` are not asked: nothing is done to what is not there.
    """
    if not posts or not until:
        return []
    kinds, moments = _split(until)
    old = await connection.fetch(
        """select p.id from unnest($1::uuid[]) as p(id)
           where coalesce((select min(published_at) from post where post_id = p.id), '-infinity') < $2""",
        [uuid(id) for id in posts],
        published_before,
    )
    if not old:
        return []
    return await _read(
        connection,
        """from unnest($1::uuid[]) as r(id)
           cross join unnest($2::text[], $3::timestamptz[]) as k(kind, to_at)
           join engagement e on e.post_id = r.id and e.kind = k.kind and e.occurred_at < k.to_at
             and (e.target_id = any($4::uuid[]) or e.actor_id = any($4::uuid[])
                  or e.post_id = any($5::uuid[]))""",
        [row["id"] for row in old],
        kinds,
        moments,
        accounts,
        echoes,
    )


async def by_actors_before(
    connection: Connection, actors: Collection[bytes], until: Since, accounts: Sequence[UUID]
) -> list[Row]:
    """What these did to any of these accounts before."""
    if not actors or not until or not await _any_before(connection, "target", accounts, until):
        return []
    return await _read(
        connection,
        """from unnest($1::uuid[]) as r(id)
           cross join unnest($2::text[], $3::timestamptz[]) as k(kind, to_at)
           join engagement e on e.actor_id = r.id and e.kind = k.kind and e.occurred_at < k.to_at
             and e.target_id = any($4::uuid[])""",
        [uuid(id) for id in actors],
        *_split(until),
        accounts,
    )


async def to_targets_before(
    connection: Connection, accounts: Sequence[UUID], until: Since, targets: Collection[bytes]
) -> list[Row]:
    """What these accounts did to any of those before."""
    if not targets or not until or not await _any_before(connection, "actor", accounts, until):
        return []
    return await _read(
        connection,
        """from unnest($1::uuid[]) as r(id)
           cross join unnest($2::text[], $3::timestamptz[]) as k(kind, to_at)
           join engagement e on e.actor_id = r.id and e.kind = k.kind and e.occurred_at < k.to_at
             and e.target_id = any($4::uuid[])""",
        accounts,
        *_split(until),
        [uuid(id) for id in targets],
    )


async def _any_before(
    connection: Connection, side: str, accounts: Sequence[UUID], until: Since
) -> bool:
    """Whether there is anything so old at all: in a young company there is not."""
    return bool(
        await connection.fetchval(
            f"""select exists (
                  select from unnest($1::uuid[]) as r(id)
                  cross join unnest($2::text[], $3::timestamptz[]) as k(kind, to_at)
                  join engagement e on e.{_SIDES[side]} = r.id and e.kind = k.kind
                    and e.occurred_at < k.to_at)""",
            accounts,
            *_split(until),
        )
    )


def _split(moments: Since) -> tuple[list[str], list[datetime]]:
    return [kind.value for kind in moments], list(moments.values())


async def moved(
    connection: Connection, side: str, refs: Sequence[UUID], since: Since, end_at: datetime
) -> list[UUID]:
    """The deeds of these kinds that are known by another time than the one they stand in the index by."""
    if not refs or not since:
        return []
    rows = await connection.fetch(
        f"""select distinct engagement_id from retiming
            where {_SIDES[side]} = any($1::uuid[]) and kind = any($2::text[]) and occurred_at < $3""",
        refs,
        [kind.value for kind in since],
        end_at,
    )
    return [row["engagement_id"] for row in rows]


async def _read(connection: Connection, which: str, *values: object) -> list[Row]:
    told = bytearray()

    async def take(some: bytes) -> None:
        told.extend(some)

    await connection.copy_from_query(
        f"select {_COLUMNS} {which}", *values, output=take, format="binary"
    )
    return list(_ROW.iter_unpack(memoryview(told)[_HEADER:-_TRAILER]))


def moment_of(at: int) -> datetime:
    """The moment of a row's number."""
    return EPOCH + timedelta(microseconds=at)


def number_of(at: datetime) -> int:
    """A moment as rows count it."""
    return (at - EPOCH) // MICROSECOND


def deed_of(row: Row, platform: str) -> Deed:
    """The deed of a row that stands for what was told."""
    id, native, actor, target, post, thread, at, kind, _ = row
    return Deed(
        uuid(id), platform, KINDS[kind], uuid(native), some(actor), some(target), some(post),
        some(thread), moment_of(at), False, False, "",
    )  # fmt: skip


def uuid(id: bytes) -> UUID:
    """The id as the rest of scoring knows it."""
    found: UUID = pgproto.UUID(id)
    return found


def some(id: bytes) -> UUID | None:
    """The same; None for nobody and nothing."""
    return None if id == NOBODY else uuid(id)
