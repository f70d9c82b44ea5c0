"""What a case is about, deed by deed: what happened, whose it is, which rule, and what it would count.

Law: a text that was erased leaves its line standing; the words of somebody outside are never kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring import deeds as reading
from scoring.attribution import attribute
from scoring.connection import Connection
from scoring.credits import credits
from scoring.relation import Outcome, Relation
from scoring.rulebooks import load_books
from scoring.surround import surround

MOST_SHOWN: Final = 50  # deeds of one case on a page; a circle's case may hold thousands


class Sought(NamedTuple):
    """A rule that looks for a deed."""

    name: str
    label: str
    worth: int  # at most, by its first step


@dataclass(frozen=True, slots=True)
class Happened:
    """One deed that a case is about."""

    engagement_id: UUID
    kind: str
    platform: str
    relation: str | None
    person_id: int | None  # whose points it may be
    occurred_at: datetime
    post_id: UUID | None
    text: str | None
    url: str | None
    rules: tuple[Sought, ...]  # those that look for it
    why_not: Outcome | None  # why it would not count, holds aside


@dataclass(frozen=True, slots=True)
class Compared:
    """A post whose text a case compares with others'."""

    post_id: UUID
    person_id: int | None  # who wrote it
    platform: str
    published_at: datetime
    text: str | None
    url: str | None


async def compared(connection: Connection, posts: Sequence[UUID]) -> list[Compared]:
    """These posts, in the order they were published; at most `MOST_SHOWN` of them."""
    rows = await connection.fetch(
        """select p.*, t.text, t.url from (
             select distinct on (p.post_id) p.post_id, o.person_id, p.platform, p.published_at
             from post p left join lateral (
               select person_id from ownership o
               where o.account_id = p.author_id and o.effective_at <= p.published_at
               order by o.effective_at desc, o.id desc limit 1) o on true
             where p.post_id = any($1::uuid[])
             order by p.post_id, p.published_at, p.author_id) p
           left join post_text t on t.post_id = p.post_id
           order by p.published_at, p.post_id limit $2""",
        list(posts),
        MOST_SHOWN,
    )
    return [Compared(*row) for row in rows]


async def what_happened(
    connection: Connection, engagements: Sequence[UUID], zone: ZoneInfo
) -> list[Happened]:
    """These deeds, newest first, at most `MOST_SHOWN` of them."""
    rows = await connection.fetch(
        """select id from engagement where id = any($1::uuid[])
           order by occurred_at desc, id limit $2""",
        list(engagements),
        MOST_SHOWN,
    )
    deeds = await reading.by_id(connection, [row["id"] for row in rows])
    books, around = await load_books(connection, zone), await surround(connection, deeds)
    seen = [attribute(deed._replace(held=False), around) for deed in deeds]
    texts = {
        row["post_id"]: (row["text"], row["url"])
        for row in await connection.fetch(
            "select post_id, text, url from post_text where post_id = any($1::uuid[])",
            [one.post_id for one in seen if one.post_id is not None],
        )
    }
    found = []
    for one in seen:
        text, url = texts.get(one.post_id, (None, None)) if one.post_id else (None, None)
        rules = {credit.rule.name: credit.rule for credit in credits(one, books, around)}
        if one.relation is Relation.CONVERSED:
            text = None
        refusal = one.refusal or (None if rules else Outcome.NO_RULE)
        found.append(
            Happened(
                one.deed.id, one.deed.kind.value, one.deed.platform,
                one.relation.value if one.relation else None, one.person_id, one.deed.occurred_at,
                one.post_id, text, url,
                tuple(Sought(name, rule.label, rule.points_of(0)) for name, rule in rules.items()),
                refusal,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.occurred_at, one.engagement_id), reverse=True)
