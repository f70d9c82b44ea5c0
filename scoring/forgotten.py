"""Forgetting what a network had sent of an account that was unlinked.

Laws: a raw delivery goes when nobody else of ours is in it, be it a colleague or the company; the texts
and addresses of the account's posts go, save what an open case needs; facts stay, for points explain
themselves by them, and they name nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from scoring.connection import Connection
from scoring.facts import Delivery, Engagement, Figure, Post, Snapshot, Telling, UnusableFact
from scoring.identity import account_id, native_key
from scoring.intake import adapt
from scoring.partitions import forgetting
from scoring.platforms import platform
from scoring.platforms.platform import UnknownPlatform

_AT_ONCE: Final = 200  # bodies in memory: each at most 1 MiB, nearly all of a few kB
_SUBJECT: Final = "fanfare-subject"
_LONGEST_KEPT_DAYS: Final = 62
_CANDIDATES: Final = """
  select d.recorded_on, d.id, d.source, d.headers, d.body, d.received_at,
    exists (select from pending_delivery p where p.delivery_id = d.id) as waits
  from delivery d
  where d.platform = $1 and d.recorded_on between $2 and $3 and d.id > $4 and d.received_at < $5
    and (d.headers ? 'fanfare-subject' or position($6 in lower(encode(d.body, 'escape'))) > 0
      or d.id in (select delivery_id from engagement where target_id = $7 and recorded_at >= $2::date
                  union all
                  select delivery_id from engagement where actor_id = $7 and recorded_at >= $2::date))
  order by d.id limit $8
"""
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

    May be asked again at any time. Not inside a transaction: a large company's deliveries go in parts.
    """
    row = await connection.fetchrow("select platform, native_id from account where id = $1", id_)
    if row is None:
        return Forgotten(0, 0, False)
    network, native = row["platform"], row["native_id"]
    days = _kept_days(network)
    until = before.astimezone(UTC).date()
    deleted, waits, last = 0, False, 0
    while found := await connection.fetch(
        _CANDIDATES, network, until - timedelta(days=days), until, last, before, _mark(native), id_, _AT_ONCE
    ):  # fmt: skip
        last = found[-1]["id"]
        gone, waiting = await _only(connection, network, id_, found)
        waits = waits or waiting
        async with connection.transaction(), forgetting(connection):
            await connection.execute(
                """delete from delivery d using unnest($1::date[], $2::bigint[]) as gone (day, id)
                   where d.recorded_on = gone.day and d.id = gone.id""",
                [one["recorded_on"] for one in gone],
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
