"""Whether a post that somebody names is known already, under whichever of its names.

Law: of one's own posts only; whether a colleague's is known nobody learns here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from scoring.connection import Connection
from scoring.identity import native_key
from scoring.platforms.addresses import NotAPost, PostNamed
from scoring.platforms.recognising import recognise

# SQL: whether a network's own name of a post says which account wrote it, as Mastodon's and Bluesky's do;
# a number or a code says nothing, and neither does what stands beside it in an address.
SAYS_WHOSE: Final = (
    "position('/' || lower(split_part({author}, '@', 1)) || '/' in lower({post})) > 0"
)
_LOOKED_AT: Final = 2_000  # posts of one author, the newest; of most networks a few days suffice
_ABOUT: Final = timedelta(days=2)  # around the moment that an id carries


@dataclass(frozen=True, slots=True)
class Known:
    """A post that its network told of, or that was confirmed."""

    post_id: UUID
    author_id: UUID
    native_id: str
    published_at: datetime
    dated: str = "network"  # or by its author


async def known_post(
    connection: Connection, network: str, named: PostNamed, own: Collection[UUID]
) -> Known | None:
    """The post under the name in its address, or one of these accounts' posts that is the same."""
    rows = await connection.fetch(
        """select post_id, author_id, native_id, published_at from post
           where post_id = coalesce((select now_id from statement_moved where post_id = $1), $1)
           order by published_at, author_id limit 1""",
        native_key(network, named.native_id),
    )
    return Known(*rows[0].values()) if rows else await alike(connection, network, named, own)


async def alike(
    connection: Connection,
    network: str,
    named: PostNamed,
    own: Collection[UUID],
    *,
    but: UUID | None = None,
) -> Known | None:
    """A post of these accounts that has another name, but whose address names the same."""
    rows = await connection.fetch(
        """select distinct on (p.published_at, p.post_id) p.post_id, p.author_id, p.native_id,
             p.published_at, t.url
           from post p join post_text t using (post_id)
           where p.author_id = any($1::uuid[]) and p.platform = $2 and t.url is not null
             and ($3::timestamptz is null or p.published_at between $3 and $4)
             and p.post_id is distinct from $6
           order by p.published_at desc, p.post_id limit $5""",
        list(own),
        network,
        named.published_at - _ABOUT if named.published_at else None,
        named.published_at + _ABOUT if named.published_at else None,
        _LOOKED_AT,
        but,
    )
    for row in rows:
        if same(network, row["url"], named):
            return Known(row["post_id"], row["author_id"], row["native_id"], row["published_at"])
    return None


async def handed_in_before(
    connection: Connection, network: str, named: PostNamed, person_id: int
) -> Known | None:
    """The post as this person handed it in before, unless that was refused or taken back."""
    rows = await connection.fetch(
        """select s.post_id, s.account_id, s.native_id, s.published_at, s.dated, w.address
           from statement s
           left join statement_words w on w.statement_id = s.id
           left join statement_answer a on a.statement_id = s.id
           where s.person_id = $1 and s.platform = $2 and coalesce(a.outcome, 'confirmed') = 'confirmed'
           order by s.id limit $3""",
        person_id,
        network,
        _LOOKED_AT,
    )
    key = native_key(network, named.native_id)
    for row in rows:
        if row["post_id"] == key or same(network, row["address"], named):
            return Known(
                row["post_id"],
                row["account_id"],
                row["native_id"],
                row["published_at"],
                row["dated"],
            )
    return None


async def told_of(connection: Connection, statement: Record) -> Known | None:
    """A stated post as its network told of it, from the very account; also under another name."""
    known = await known_post(
        connection, statement["platform"], named_in(statement), [statement["account_id"]]
    )
    return known if known is not None and known.author_id == statement["account_id"] else None


def named_in(statement: Record) -> PostNamed:
    """The post of a statement; by its name alone where its address was erased."""
    try:
        named = recognise(statement["address"] or "")[1]
    except NotAPost:
        return PostNamed(statement["native_id"], statement["native_id"], "")
    return replace(named, native_id=statement["native_id"])


def same(network: str, address: str | None, named: PostNamed) -> bool:
    """Whether an address names this very post."""
    if not address:
        return False
    try:
        where, other = recognise(address)
    except NotAPost:
        return False
    return where == network and other.same(named)


def moment_of(named: PostNamed, now: datetime) -> datetime | None:
    """When the post was published by its own id; never later than now."""
    return min(named.published_at, now) if named.published_at else None
