"""What was handed in, as its author sees it and as those who look at it see it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asyncpg import Record

from scoring.by_hand.handed_in import Picture
from scoring.connection import Connection

_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with what became of it; `outcome` None while it waits."""

    id: int
    person_id: int
    platform: str
    handle: str
    address: str | None  # None: erased
    published_at: datetime
    dated: str
    counts: Mapping[str, int]
    recorded_at: datetime
    pictured: bool
    outcome: str | None
    reason: str | None
    by_network: bool  # confirmed by the network itself
    answered_at: datetime | None
    others: int  # other people who say that the post is theirs
    known: bool  # whether the network told of the post as this account's
    of_another: bool  # whether it told of it as another account's, and not as this one's


_SELECT: Final = """
select s.id, s.person_id, s.platform, coalesce(f.handle, c.native_id) as handle, w.address,
       s.published_at, s.dated, s.counts, s.recorded_at, w.picture is not null as pictured,
       a.outcome, a.reason, a.statement_id is not null and a.decided_by is null as by_network,
       a.recorded_at as answered_at,
       (select count(distinct o.person_id) from statement o
        where o.post_id = s.post_id and o.person_id <> s.person_id)::int as others,
       coalesce(told.own, false) as known, coalesce(not told.own, false) as of_another
from statement s join account c on c.id = s.account_id
left join lateral (select bool_or(p.author_id = s.account_id) as own from post p where p.post_id =
  coalesce((select now_id from statement_moved m where m.post_id = s.post_id), s.post_id)) told on true
left join account_face f on f.account_id = s.account_id
left join statement_words w on w.statement_id = s.id
left join statement_answer a on a.statement_id = s.id
"""


async def own_statements(connection: Connection, person_id: int) -> list[Statement]:
    """What a person handed in, the newest first."""
    rows = await connection.fetch(
        _SELECT + " where s.person_id = $1 order by s.id desc limit $2", person_id, _SHOWN
    )
    return _of(rows)


async def waiting_statements(
    connection: Connection, *, after: int = 0, limit: int = _SHOWN
) -> list[Statement]:
    """What waits to be looked at, the oldest first."""
    rows = await connection.fetch(
        _SELECT + " where a.statement_id is null and s.id > $1 order by s.id limit $2", after, limit
    )
    return _of(rows)


async def waiting_count(connection: Connection) -> int:
    """How many wait."""
    return int(
        await connection.fetchval(
            """select count(*) from statement s where not exists
                 (select from statement_answer a where a.statement_id = s.id)"""
        )
    )


async def answered_statements(connection: Connection, limit: int = 20) -> list[Statement]:
    """What was answered last by somebody."""
    rows = await connection.fetch(
        _SELECT
        + " where a.decided_by is not null and a.outcome <> 'withdrawn'"
        + " order by a.recorded_at desc, s.id desc limit $1",
        limit,
    )
    return _of(rows)


async def statement(connection: Connection, statement_id: int) -> Statement | None:
    """One of them."""
    found = _of(await connection.fetch(_SELECT + " where s.id = $1", statement_id))
    return found[0] if found else None


async def said_of_the_same(connection: Connection, statement_id: int) -> list[Statement]:
    """What other people say of the very post of a statement, the oldest first."""
    rows = await connection.fetch(
        _SELECT
        + """ join statement this on this.id = $1
              where s.post_id = this.post_id and s.person_id <> this.person_id
              order by s.id limit $2""",
        statement_id,
        _SHOWN,
    )
    return _of(rows)


async def picture_of(connection: Connection, statement_id: int) -> Picture | None:
    """The picture of a statement's figures, while it is kept."""
    row = await connection.fetchrow(
        """select media_type, picture from statement_words
           where statement_id = $1 and picture is not null""",
        statement_id,
    )
    return Picture(*row.values()) if row else None


def _of(rows: Sequence[Record]) -> list[Statement]:
    return [Statement(**{**dict(row), "counts": _counts(row["counts"])}) for row in rows]


def _counts(held: object) -> Mapping[str, int]:
    counts: Mapping[str, int] = json.loads(held) if isinstance(held, str) else held  # type: ignore[assignment]
    return counts


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """What is known of a count last, and by which way."""

    value: int
    source: str
    observed_at: datetime


async def figures_known(connection: Connection, statement_id: int) -> dict[str, KnownFigure]:
    """What is known already of the post of a statement, by kind: the figure that was seen last."""
    rows = await connection.fetch(
        """select distinct on (f.kind) f.kind, f.value, f.source, f.observed_at
           from statement s join figure f on f.post_id =
             coalesce((select now_id from statement_moved m where m.post_id = s.post_id), s.post_id)
           where s.id = $1 order by f.kind, f.observed_at desc, f.value""",
        statement_id,
    )
    return {
        row["kind"]: KnownFigure(row["value"], row["source"], row["observed_at"]) for row in rows
    }
