"""By which way a count without names came that gave points: told by hand, read from a file, asked for, told.

Law: nothing is guessed: a count is followed back by the key under which it counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from scoring.connection import Connection
from scoring.figures import rises, since_theirs
from scoring.identity import credit_key
from scoring.intervals import Enrolments, Ownerships, theirs_at
from scoring.surround import (
    Origin,
    load_enrolments,
    load_origins,
    load_ownerships,
    load_published,
)

_MOST: Final = (
    2_000  # counts of one rise that are followed back: no rule pays for more at one moment
)


@dataclass(frozen=True, slots=True)
class FigureWay:
    """Where a count came from."""

    post_id: UUID
    kind: str
    source: str  # webhook | stream | poll | import | hand


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose posts are, since when."""

    origins: Mapping[UUID, Origin]
    published: Mapping[UUID, datetime]
    ownerships: Ownerships
    enrolments: Enrolments

    def added(
        self, person_id: int, post: UUID, observed: list[tuple[datetime, int]]
    ) -> list[tuple[datetime, int]]:
        """What of a post's count can count for a person."""
        author = self.origins[post].author_id if post in self.origins else None
        theirs = theirs_at(person_id, author, self.ownerships, self.enrolments)
        return since_theirs(observed, self.published.get(post), theirs)


async def _whose(connection: Connection, posts: set[UUID]) -> _Whose:
    origins = await load_origins(connection, posts)
    authors = {origin.author_id for origin in origins.values()}
    ownerships = await load_ownerships(connection, authors)
    return _Whose(
        origins, await load_published(connection, posts), ownerships,
        await load_enrolments(connection, ownerships.people()),
    )  # fmt: skip


async def figure_ways(
    connection: Connection, person_id: int, moments: Iterable[datetime]
) -> dict[UUID, FigureWay]:
    """By key, the counts of a person's posts that rose at these moments."""
    asked = set(moments)
    if not asked:
        return {}
    rows = await connection.fetch(
        """with rose as (
             select distinct f.post_id, f.kind from ownership o
             join post p on p.author_id = o.account_id join figure f on f.post_id = p.post_id
             where o.person_id = $1 and f.observed_at = any($2::timestamptz[]))
           select f.post_id, f.kind, f.observed_at, f.value, f.source
           from rose join figure f using (post_id, kind) order by f.id""",
        person_id,
        list(asked),
    )
    seen: dict[tuple[UUID, str], list[tuple[datetime, int]]] = defaultdict(list)
    sources: dict[tuple[UUID, str, datetime, int], str] = {}
    for row in rows:
        post, kind, at, value = row["post_id"], row["kind"], row["observed_at"], row["value"]
        seen[post, kind].append((at, value))
        # Of several that said the same at once, who said it first.
        sources.setdefault((post, kind, at, value), row["source"])
    found: dict[UUID, FigureWay] = {}
    whose = await _whose(connection, {post for post, _ in seen})
    for (post, kind), observed in seen.items():
        before = 0
        for at, reached in rises(whose.added(person_id, post, observed)):
            if at in asked:
                # What lasts may be less than what was seen then: a later count cut it.
                said = [value for when, value in observed if when == at]
                source = sources[post, kind, at, min(said)]
                for n in range(before, min(reached, before + _MOST)):
                    found[credit_key("figure", post, kind, n)] = FigureWay(post, kind, source)
            before = reached
    return found
