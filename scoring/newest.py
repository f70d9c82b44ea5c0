"""The newest delivery of a network in words: what it tells, and what each thing would score.

Law: what it would score follows from the rulebook alone, for an ambassador who lets it count; who is one,
and who lets what count, is nobody's business here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from scoring.connection import Connection
from scoring.facts import Delivery, Engagement, Figure, Kind, Post, Removal, Snapshot, UnusableFact
from scoring.heard import DAYS, NEWEST
from scoring.identity import account_id
from scoring.inbox import delivery_of
from scoring.intake import adapt
from scoring.relation import Relation
from scoring.rulebooks import load_books
from scoring.rules import Rulebook

MOST: Final = 12  # things of one delivery that are put into words; batches have a thousand
_SHARING: Final = frozenset({Kind.RESHARE, Kind.QUOTE})


@dataclass(frozen=True, slots=True)
class Worth:
    """What one thing gives by one rule: `points` the first time in its window, less or nothing later."""

    relation: Relation  # what it would have to be
    label: str
    points: int


@dataclass(frozen=True, slots=True)
class ToldDeed:
    """One thing that a delivery tells."""

    kind: Kind
    actor: str | None
    target: str | None
    by_company: bool
    to_company: bool
    worth: tuple[Worth, ...]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """One delivery. `trouble` is why it could not be read, `ignored` why it is of no interest."""

    delivery_id: int
    platform: str
    source: str
    received_at: datetime
    deeds: tuple[ToldDeed, ...] = ()
    more: int = 0  # deeds beyond those
    removals: int = 0
    posts: int = 0
    figures: int = 0
    snapshots: int = 0
    ignored: str | None = None
    trouble: str | None = None


async def first_look(
    connection: Connection, network: str, *, now: datetime, zone: ZoneInfo
) -> FirstLook | None:
    """The newest delivery of a network, read as a worker would; None where none came in two weeks."""
    delivery = await newest_delivery(connection, network, now)
    if delivery is None:
        return None
    books = await load_books(connection, zone)
    company = {row["account_id"] for row in await connection.fetch(_COMPANY)}
    return looked_at(delivery, books.in_force(now), company)


async def newest_delivery(connection: Connection, network: str, now: datetime) -> Delivery | None:
    """The newest delivery of a network whose body is still kept."""
    row = await connection.fetchrow(
        """with newest as materialized (
             select id, recorded_on, platform from delivery order by recorded_on desc, id desc limit $2)
           select d.* from newest n
           join delivery d on d.recorded_on = n.recorded_on and d.id = n.id
           where n.platform = $1 order by n.recorded_on desc, n.id desc limit 1""",
        network,
        NEWEST,
    )
    today = now.astimezone(UTC).date()
    for back in range(DAYS if row is None else 0):
        row = await connection.fetchrow(
            """select * from (select * from delivery where recorded_on = $1 and platform = $2 limit $3) d
               order by id desc limit 1""",
            today - timedelta(days=back),
            network,
            NEWEST,
        )
        if row is not None:
            break
    return None if row is None else delivery_of(row)


def looked_at(delivery: Delivery, book: Rulebook | None, company: Collection[object]) -> FirstLook:
    """A delivery in words. Pure."""
    told = FirstLook(delivery.id, delivery.platform, delivery.source, delivery.received_at)
    try:
        telling = adapt(delivery)
    except UnusableFact as why:
        return replace(told, trouble=str(why) or "unreadable")
    except Exception as mistake:  # noqa: BLE001 - as a worker would set it aside
        return replace(told, trouble=f"the adapter failed: {type(mistake).__name__}")
    platform = telling.platform or delivery.platform
    engagements = [fact for fact in telling.facts if isinstance(fact, Engagement)]
    return replace(
        told,
        deeds=tuple(_deed(one, platform, book, company) for one in engagements[:MOST]),
        more=max(0, len(engagements) - MOST),
        removals=sum(isinstance(fact, Removal) for fact in telling.facts),
        posts=sum(isinstance(fact, Post) for fact in telling.facts),
        figures=sum(isinstance(fact, Figure) for fact in telling.facts),
        snapshots=sum(isinstance(fact, Snapshot) for fact in telling.facts),
        ignored=telling.ignored,
        trouble=telling.unread,
    )


def _deed(
    one: Engagement, platform: str, book: Rulebook | None, company: Collection[object]
) -> ToldDeed:
    by_company = one.actor is not None and account_id(platform, one.actor) in company
    to_company = one.target is not None and account_id(platform, one.target) in company
    worth = tuple(
        Worth(relation, rule.label, rule.points_of(0))
        for relation in _possible(one, by_company=by_company, to_company=to_company)
        for rule in (book.rules.values() if book else ())
        if rule.relation is relation
        and one.kind in rule.kinds
        and rule.takes(platform)
        and rule.points_of(0)
        and not ("actor" in rule.credit and one.actor is None)
    )
    return ToldDeed(one.kind, one.actor, one.target, by_company, to_company, worth)


def _possible(one: Engagement, *, by_company: bool, to_company: bool) -> list[Relation]:
    """What it could be to the company, were the other account an ambassador's."""
    if one.kind is Kind.POST:
        return [] if by_company else [Relation.AUTHORED]
    if by_company:
        return [Relation.RESHARED] if one.kind in _SHARING and not to_company else []
    if to_company:
        return [Relation.SHARED] if one.kind in _SHARING else [Relation.ECHO]
    found = [Relation.EARNED]
    if one.kind is Kind.REPLY:
        found.append(Relation.CONVERSED)
    return found


_COMPANY: Final = """
  select account_id from (
    select distinct on (account_id) account_id, company from ownership
    where company or account_id in (select account_id from ownership where company)
    order by account_id, effective_at desc, id desc) last
  where company
"""
