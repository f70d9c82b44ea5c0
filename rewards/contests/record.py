"""A contest as it is recorded: the charter in force, its amendments, what people and the clock decided.

Law: whoever changes a contest locks its row first, then reads it anew; so of two who change it at
once the second sees what the first did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec

from rewards.connection import Connection
from rewards.contests.charter import Charter, read_charter
from rewards.contests.slug import is_slug
from rewards.contests.stage import Amendment, Event, Moments, Stage, amended, moments, stage
from rewards.refusal import Refused

EventKind = Literal[
    "published",
    "withdrawn",
    "cancelled",
    "started",
    "frozen",
    "settled",
    "decided",
    "announced",
    "closed",
]


class NoSuchContest(Refused):
    """No contest has this id or slug."""

    def __init__(self) -> None:
        super().__init__("There is no such contest.")


@dataclass(frozen=True, slots=True)
class Contest:
    """What is recorded of one contest; `published` is the charter as its hash covers it."""

    id: int
    slug: str
    author_id: int | None
    charter_id: int | None
    sha256: str | None
    published: Charter | None
    amendments: tuple[Amendment, ...]
    events: tuple[Event, ...]  # of the charter in force, in order

    @property
    def charter(self) -> Charter:
        """The terms that hold now, amendments included. Raises Refused for a draft."""
        if self.published is None:
            raise Refused("This contest is not published yet.")
        return amended(self.published, self.amendments)

    @property
    def moments(self) -> Moments:
        """When it starts, freezes, ends and settles."""
        return moments(self.charter)

    def stage(self, now: datetime) -> Stage:
        """Where it stands."""
        return stage(self.published, self.events, now, self.amendments)

    def happened(self, kind: EventKind) -> Event | None:
        """The recorded event of a kind, if there is one."""
        return next((event for event in self.events if event.kind == kind), None)


async def lock(connection: Connection, contest_id: int) -> Contest:
    """A contest that nobody else can change until the caller's transaction ends."""
    # `no key update`: others may go on to write rows that refer to the contest.
    if not await connection.fetchval(
        "select 1 from contest where id = $1 for no key update", contest_id
    ):
        raise NoSuchContest
    return await read(connection, contest_id)


async def read(connection: Connection, contest_id: int) -> Contest:
    """A contest by its id. Raises NoSuchContest."""
    return await _only(connection, "c.id = $1", contest_id)


async def by_slug(connection: Connection, slug: str) -> Contest:
    """A contest by the name in its address. Raises NoSuchContest."""
    if not is_slug(slug):
        raise NoSuchContest  # a NUL or half a letter is nothing that the database could be asked for
    return await _only(connection, "c.slug = $1", slug)


async def undecided(connection: Connection) -> list[Contest]:
    """Every published contest that the clock may still have something to do for."""
    return await _find(
        connection,
        """exists (select from charter h where h.contest_id = c.id)
           and not exists (select from contest_event e where e.contest_id = c.id
                           and e.kind in ('cancelled', 'closed'))""",
    )


async def read_several(connection: Connection, contest_ids: Sequence[int]) -> list[Contest]:
    """Contests by their ids, the lowest first."""
    return (await _find(connection, "c.id = any($1::int[])", list(contest_ids)))[::-1]


async def every(connection: Connection) -> list[Contest]:
    """All contests, the newest first."""
    return await _find(connection, "true")


async def in_force_id(connection: Connection, contest_id: int) -> int | None:
    """The id of the charter in force, None for a draft."""
    id: int | None = await connection.fetchval(
        """select h.id from charter h where h.contest_id = $1 and not exists (
             select from contest_event e where e.charter_id = h.id and e.kind = 'withdrawn')
           order by h.id desc limit 1""",
        contest_id,
    )
    return id


async def note(
    connection: Connection,
    contest: Contest,
    kind: EventKind,
    *,
    by: int | None,
    detail: dict[str, Any],
    now: datetime,
    charter_id: int | None = None,
) -> None:
    """Record that something was decided, by a person or by the clock (None)."""
    await connection.execute(
        """insert into contest_event (contest_id, charter_id, kind, person_id, detail, recorded_at)
           values ($1, $2, $3, $4, $5::jsonb, $6)""",
        contest.id,
        charter_id or contest.charter_id,
        kind,
        by,
        msgspec.json.encode(detail).decode(),
        now,
    )


async def _only(connection: Connection, which: str, value: object) -> Contest:
    found = await _find(connection, which, value)
    if not found:
        raise NoSuchContest
    return found[0]


async def _find(connection: Connection, which: str, *values: object) -> list[Contest]:
    rows = await connection.fetch(
        f"""select c.id, c.slug, c.author_id, h.id as charter_id, h.body, h.sha256
            from contest c left join lateral (
              select h.id, h.body, h.sha256 from charter h where h.contest_id = c.id
                and not exists (select from contest_event e
                                where e.charter_id = h.id and e.kind = 'withdrawn')
              order by h.id desc limit 1) h on true
            where {which} order by c.id desc""",
        *values,
    )
    charters = [row["charter_id"] for row in rows if row["charter_id"] is not None]
    events = await _events(connection, charters)
    amendments = await _amendments(connection, charters)
    return [
        Contest(
            row["id"],
            row["slug"],
            row["author_id"],
            row["charter_id"],
            row["sha256"],
            None if row["body"] is None else _charter(row["body"]),
            tuple(amendments[row["charter_id"]]),
            tuple(events[row["charter_id"]]),
        )
        for row in rows
    ]


@lru_cache(maxsize=256)  # asked for every second by the clock, and a text never changes
def _charter(body: str) -> Charter:
    return read_charter(body)


async def _events(connection: Connection, charters: Sequence[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for row in await connection.fetch(
        """select charter_id, kind, recorded_at, person_id, detail from contest_event
           where charter_id = any($1::bigint[]) order by id""",
        charters,
    ):
        found[row["charter_id"]].append(
            Event(
                row["kind"],
                row["recorded_at"],
                row["person_id"],
                msgspec.json.decode(row["detail"]),
            )
        )
    return found


async def _amendments(
    connection: Connection, charters: Sequence[int]
) -> dict[int, list[Amendment]]:
    found: dict[int, list[Amendment]] = defaultdict(list)
    for row in await connection.fetch(
        "select charter_id, body from amendment where charter_id = any($1::bigint[]) order by id",
        charters,
    ):
        found[row["charter_id"]].append(msgspec.json.decode(row["body"], type=Amendment))
    return found
