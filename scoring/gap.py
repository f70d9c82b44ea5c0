"""What would close a gap, worked out by the fold itself.

Law: if what the sentence says happens now, the missing points are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from scoring.attribution import attribute
from scoring.books import Books
from scoring.claims import claims_of
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.deed import Deed
from scoring.facts import Kind
from scoring.fold import Claim, DirtyWindow, fold
from scoring.periods import Period
from scoring.rulebooks import load_books
from scoring.surround import company_accounts, surround

MOST = 20  # of a deed that is still advice and not a burden
RECENT = timedelta(days=30)  # a post older than this is hardly answered any more
FRESH = timedelta(days=14)  # a company story worth sharing
NOBODY = UUID(int=0)  # namespace of people and posts that do not exist yet


@dataclass(frozen=True, slots=True)
class Advice:
    """A deed and how often it would have to happen for the points to be there."""

    points_missing: int
    deed: str
    count: int


async def advise(
    connection: Connection,
    person_id: int,
    *,
    missing: int,
    period: Period,
    now: datetime,
    zone: ZoneInfo,
) -> Advice | None:
    """The smallest thing that would add `missing` points now; None where nothing within reach would.

    What happens now counts in every running period, so `period` matters only to the caller's gap.
    """
    if missing <= 0:
        return None
    books = await load_books(connection, zone)
    offers = [
        (await _answers(connection, person_id, now), _answers_in_words),
        (await _stories(connection, person_id, now), _stories_in_words),
    ]
    best: Advice | None = None
    for deeds, words in offers:
        count = await _needed(connection, person_id, deeds, missing, books)
        if count is not None and (best is None or count < best.count):
            best = Advice(missing, words(count), count)
    return best


def _answers_in_words(count: int) -> str:
    return "1 reply from somebody new" if count == 1 else f"{count} replies from new people"


def _stories_in_words(count: int) -> str:
    return "sharing 1 company story" if count == 1 else f"sharing {count} company stories"


async def _needed(
    connection: Connection, person_id: int, deeds: Sequence[Deed], missing: int, books: Books
) -> int | None:
    """How many of these deeds, in their order, give at least the missing points."""
    around = await surround(connection, deeds)
    steps: list[list[Credit]] = []
    for deed in deeds:
        seen = attribute(deed, around)
        counts = seen.refusal is None and seen.person_id == person_id
        steps.append(list(credits(seen, books, around)) if counts else [])
    windows = {c.window.name + c.rule.name: _window(c) for step in steps for c in step}
    before = await claims_of(connection, list(windows.values()), books)
    worth = {identity: _points(identity, claims, windows) for identity, claims in before.items()}
    gained = 0
    for count, step in enumerate(steps, start=1):
        for credit in step:
            identity = credit.person_id, credit.rule.name, credit.window.name
            before[identity].append(Claim(credit.key, credit.at, credit.deed.id))
            then = _points(identity, before[identity], windows)
            gained, worth[identity] = gained + then - worth[identity], then
        if gained >= missing:
            return count
    return None


def _window(credit: Credit) -> DirtyWindow:
    window = credit.window
    return DirtyWindow(
        credit.person_id, credit.rule, window.name, credit.book, window.start_at, window.end_at
    )


def _points(
    identity: tuple[int, str, str], claims: Sequence[Claim], windows: dict[str, DirtyWindow]
) -> int:
    rule = windows[identity[2] + identity[1]].rule
    return sum(earned.points for earned in fold(rule, claims))


async def _answers(connection: Connection, person_id: int, now: datetime) -> list[Deed]:
    """New people answering the person's newest post, one each."""
    row = await connection.fetchrow(
        """select p.post_id, p.author_id, p.platform from post p
           where p.author_id in (select account_id from ownership where person_id = $1)
             and p.published_at > $2
             and not exists (select 1 from removal r where r.native_key = p.post_id)
             and (exists (select 1 from mark m where m.post_id = p.post_id
                            and m.name in ('handed_in', 'disclosed', 'story'))
                  or (select o.counts from ownership o where o.account_id = p.author_id
                      order by o.effective_at desc, o.id desc limit 1) = 'every')
           order by p.published_at desc limit 1""",
        person_id,
        now - RECENT,
    )
    if row is None:
        return []
    return [
        _deed(Kind.REPLY, row["platform"], actor, row["author_id"], row["post_id"], now)
        for actor in _invented("stranger", person_id)
    ]


async def _stories(connection: Connection, person_id: int, now: datetime) -> list[Deed]:
    """The person sharing the company's recent stories that they have not shared yet."""
    company = await company_accounts(connection)
    rows = await connection.fetch(
        """select distinct on (p.post_id) p.post_id, p.author_id, p.platform, own.account_id
           from post p
           join lateral (
             select a.id as account_id from account a
             where a.platform = p.platform and a.id in (
               select account_id from ownership where person_id = $2)
             limit 1) own on true
           where p.author_id = any($1::uuid[]) and p.published_at > $3
             and not exists (select 1 from removal r where r.native_key = p.post_id)
             and not exists (select 1 from engagement e where e.post_id = p.post_id
               and e.actor_id in (select account_id from ownership where person_id = $2))
           order by p.post_id limit $4""",
        company,
        person_id,
        now - FRESH,
        MOST,
    )
    return [
        _deed(Kind.QUOTE, row["platform"], row["account_id"], row["author_id"], row["post_id"], now)
        for row in rows
    ]


def _invented(what: str, person_id: int) -> Iterator[UUID]:
    return (uuid5(NOBODY, f"{what} {n} of {person_id}") for n in range(MOST))


def _deed(kind: Kind, platform: str, actor: UUID, target: UUID, post: UUID, now: datetime) -> Deed:
    id = uuid5(NOBODY, f"{kind} {actor} {post}")
    return Deed(id, platform, kind, id, actor, target, post, None, now, False, False, "webhook")
