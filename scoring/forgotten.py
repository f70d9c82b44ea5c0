"""Forgetting what a network had sent of an account that was unlinked.

Laws: a raw delivery goes when nobody else of ours is in it, be it a colleague or the company; the texts
and addresses of the account's posts go, save what an open case needs; facts stay, for points explain
themselves by them, and they name nobody.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from scoring.connection import Connection
from scoring.facts import Delivery, Engagement, Figure, Post, Snapshot, Telling, UnusableFact
from scoring.identity import account_id, native_key
from scoring.intake import adapt
from scoring.partitions import forgetting
from scoring.platforms import platform
from scoring.platforms.platform import UnknownPlatform

# Deliveries looked through by one statement: a tenth of a second, whatever there is of them.
_PORTION: Final = 2_000
_AT_ONCE: Final = 200  # bodies in memory: each at most 1 MiB, nearly all of a few kB
_SUBJECT: Final = "fanfare-subject"
_LONGEST_KEPT_DAYS: Final = 62
# What is kept of a day goes by its key, so that each portion begins where the last one ended.
_NEXT: Final = """
  select max(id) from (
    select id from delivery where recorded_on = $1 and id > $2 order by id limit $3) portion
"""
# `marked`: the account may be named in it; `subject`: what was asked about, in an answer to a poll.
_CANDIDATES: Final = """
  select id, subject, marked from (
    select d.id, d.headers ->> 'fanfare-subject' as subject,
      d.id = any($6::bigint[]) or position($7 in lower(encode(d.body, 'escape') collate "C")) > 0 as marked
    from delivery d
    where d.recorded_on = $1 and d.id > $2 and d.id <= $3 and d.platform = $4 and d.received_at < $5) d
  where marked or subject is not null order by id
"""
_FOUND: Final = """
  select d.recorded_on, d.id, d.source, d.headers, d.body, d.received_at,
    exists (select from pending_delivery p where p.delivery_id = d.id) as waits
  from delivery d where d.recorded_on = $1 and d.id = any($2::bigint[]) order by d.id
"""
# Deliveries that facts of the account came from, whatever it is called in them.
_TOLD_OF: Final = """
  select delivery_id from engagement where target_id = $1 and recorded_at >= $2::date
  union select delivery_id from engagement where actor_id = $1 and recorded_at >= $2::date
  order by delivery_id
"""
_POSTS: Final = "select distinct native_id from post where author_id = $1"
# Its texts, and those of them that somebody still has to decide about.
_TEXTS: Final = """
  select t.post_id, exists (
      select from hold h join engagement e on e.id = h.engagement_id
      where t.post_id in (e.post_id, e.native_key) and h.held
        and not exists (select from case_decision c where c.case_id = h.case_id)) as held
  from post_text t
  where t.post_id in (select post_id from post where author_id = $1 and published_at < $2)
"""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted; `waits`: something is still being read, ask again soon; `held`: an open case
    needs a text, ask again another day."""

    deliveries: int
    texts: int
    waits: bool
    held: bool = False


async def forget_account(connection: Connection, id_: UUID, before: datetime) -> Forgotten:
    """Delete what was received of an account before a moment and concerns nobody else of ours.

    May be asked again at any time, also after it was broken off. Not inside a transaction: a large company's
    deliveries are looked through in portions, each by a statement and a transaction of its own.
    """
    row = await connection.fetchrow("select platform, native_id from account where id = $1", id_)
    if row is None:
        return Forgotten(0, 0, False)
    network, native = row["platform"], row["native_id"]
    until = before.astimezone(UTC).date()
    since = until - timedelta(days=_kept_days(network))
    told_of = [row["delivery_id"] for row in await connection.fetch(_TOLD_OF, id_, since)]
    posts = [row["native_id"] for row in await connection.fetch(_POSTS, id_)]
    wanted = _Wanted(network, before, _mark(native), frozenset({native, *posts}), told_of)
    deleted, waits = 0, False
    for day in (since + timedelta(days=n) for n in range((until - since).days + 1)):
        async for found in _candidates(connection, day, wanted):
            gone, waiting = await _only(connection, network, id_, found)
            waits = waits or waiting
            async with connection.transaction(), forgetting(connection):
                await connection.execute(
                    "delete from delivery where recorded_on = $1 and id = any($2::bigint[])",
                    day,
                    [one["id"] for one in gone],
                )
            deleted += len(gone)
    if not waits:
        await connection.execute(
            "delete from stream_deed where actor_id = $1 and heard_at < $2", id_, before
        )
    texts = await connection.fetch(_TEXTS, id_, before)
    free = [row["post_id"] for row in texts if not row["held"]]
    await connection.execute("delete from post_text where post_id = any($1::uuid[])", free)
    return Forgotten(deleted, len(free), waits, len(free) < len(texts))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a delivery that may be about an account is known by."""

    network: str
    before: datetime
    mark: str
    subjects: frozenset[str]  # the account and its posts, as polls ask about them
    told_of: Sequence[int]


async def _candidates(
    connection: Connection, day: date, wanted: _Wanted
) -> AsyncIterator[Sequence[Any]]:
    """The deliveries of a day that may be about an account, some at a time."""
    last, told = 0, wanted.told_of
    while (end := await connection.fetchval(_NEXT, day, last, _PORTION)) is not None:
        these = told[bisect_right(told, last) : bisect_right(told, end)]
        rows = await connection.fetch(
            _CANDIDATES, day, last, end, wanted.network, wanted.before, these, wanted.mark
        )
        ids = [
            row["id"]
            for row in rows
            if row["marked"] or not wanted.subjects.isdisjoint(row["subject"].split())
        ]
        for first in range(0, len(ids), _AT_ONCE):
            yield await connection.fetch(_FOUND, day, ids[first : first + _AT_ONCE])
        last = end


async def _only(
    connection: Connection, network: str, id_: UUID, found: Sequence[Any]
) -> tuple[list[Any], bool]:
    """Those of the deliveries that are about this account and no other of ours; whether one is unread."""
    about = {row["id"]: _about(network, row) for row in found}
    posts = {post for named in about.values() for post in named.posts}
    authors = {
        row["post_id"]: row["author_id"]
        for row in await connection.fetch(
            "select distinct post_id, author_id from post where post_id = any($1::uuid[])",
            list(posts),
        )
    }
    whose = {
        key: named.accounts | {authors[post] for post in named.posts if post in authors}
        for key, named in about.items()
    }
    others = {account for named in whose.values() for account in named} - {id_}
    ours = {
        row["account_id"]
        for row in await connection.fetch(
            """select account_id from (select distinct on (account_id) * from ownership
                 where account_id = any($1::uuid[])
                 order by account_id, effective_at desc, id desc) last
               where person_id is not null or company""",
            list(others),
        )
    }
    mine = [row for row in found if id_ in whose[row["id"]] and not whose[row["id"]] & ours]
    return [row for row in mine if not row["waits"]], any(row["waits"] for row in mine)


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom a delivery is about: accounts, and posts whose authors are looked up."""

    accounts: frozenset[UUID] = frozenset()
    posts: frozenset[UUID] = frozenset()


def _about(network: str, row: Any) -> _Named:
    headers: dict[str, str] = json.loads(row["headers"])
    subjects = headers.get(_SUBJECT, "").split()
    accounts = {account_id(network, one) for one in subjects}
    posts = {native_key(network, one) for one in subjects}
    try:
        told = adapt(
            Delivery(row["id"], network, row["source"], headers, row["body"], row["received_at"])
        )
    except UnusableFact:
        told = Telling()  # what nobody can read is about whom it was asked about, if about anybody
    of = told.platform or network
    for fact in told.facts:
        accounts |= {account_id(of, name) for name in _names(fact)}
        if isinstance(fact, Figure):
            posts.add(native_key(of, fact.post))
    return _Named(frozenset(accounts), frozenset(posts))


def _names(fact: object) -> Iterable[str]:
    if isinstance(fact, Engagement):
        return [name for name in (fact.actor, fact.target) if name is not None]
    if isinstance(fact, Post):
        return [fact.author]
    return [fact.account] if isinstance(fact, Snapshot) else []


def _mark(native_id: str) -> str:
    """What of an account's name stands in whatever names it: `ada` of ada@social.example."""
    return re.split(r"[:/]", native_id.partition("@")[0])[-1].lower()


def _kept_days(network: str) -> int:
    try:
        return platform(network).raw_ttl_days + _LONGEST_KEPT_DAYS // 2
    except UnknownPlatform:
        return _LONGEST_KEPT_DAYS
