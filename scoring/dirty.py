"""From what changed to the windows that must be folded anew.

Law: rather too many windows than too few; a window that did not change folds to what stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring import deeds as reading
from scoring.answered import ANSWERING
from scoring.attribution import ADDRESSING, RESHARING, attribute
from scoring.books import Books
from scoring.changes import Changes
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.deed import Deed, Surroundings
from scoring.figure_claims import figure_posts, figure_windows
from scoring.fold import DirtyWindow
from scoring.intervals import OUTSIDER
from scoring.probes import END
from scoring.sameness import later_credits
from scoring.surround import company_accounts, load_accounts, load_published, surround

REFERRED_TO = RESHARING | ADDRESSING  # deeds that others can answer or applaud as a post


class Dirty(NamedTuple):
    """What changes may move: windows, and everybody about whom anything was looked at."""

    windows: dict[tuple[int, str, str], DirtyWindow]
    people: set[int]
    answers: set[tuple[UUID, datetime]]  # who answered somebody, and when


async def dirty_windows(connection: Connection, changes: Changes, books: Books) -> Dirty:
    """Every window of every person whose points these changes may move, and every person touched."""
    persons = await _concerned(connection, changes)
    deeds = await _affected(connection, changes, persons)
    around = await surround(connection, deeds)
    times = await reading.other_times(connection, changes.engagements)
    alive = replace(around, makers=_as_if_live(around.makers))
    posts = set(changes.posts)
    retold: dict[int, datetime] = {}
    touched: list[Credit] = []
    people = set(persons)
    answers: set[tuple[UUID, datetime]] = set()
    for deed in deeds:
        # A deed told anew at another time leaves the window it was in.
        for at in {deed.occurred_at, *times.get(deed.id, ())}:
            seen = attribute(deed._replace(occurred_at=at), alive)
            touched += credits(seen, books, alive)
            if seen.person_id is not None:
                people.add(seen.person_id)
            if deed.kind in ANSWERING and deed.actor_id is not None:
                answers.add((deed.actor_id, at))
            if seen.post_id is not None:
                posts.add(seen.post_id)
            if seen.post_id in changes.posts and seen.person_id is not None:
                since_at = around.published.get(seen.post_id, at)
                retold[seen.person_id] = min(at, since_at, retold.get(seen.person_id, at))
    for owned in (await figure_posts(connection, persons)).values():
        posts.update(owned)
    maybe = [
        credit
        for world, concerned in (
            *_suppositions(around, alive, deeds, changes.accounts),
            *_other_times(alive, deeds, times),
        )
        for deed in concerned
        for at in {deed.occurred_at, *times.get(deed.id, ())}
        for credit in credits(attribute(deed._replace(occurred_at=at), world), books, world)
    ]
    later = await later_credits(connection, [*touched, *maybe], books, END)
    # What is comes before what may have been: the first to name a window says what rules it.
    dirty: dict[tuple[int, str, str], DirtyWindow] = {}
    for window in (
        *map(DirtyWindow.of, (*touched, *later)),
        *await figure_windows(connection, posts, books),
        *map(DirtyWindow.of, maybe),
    ):
        dirty.setdefault(window.identity, window)
    if len(books.versions) > 1:
        # Which version rules a post's windows hangs on its publication, which may be told anew.
        for person, since_at in retold.items():
            persons[person] = min(since_at, persons.get(person, since_at))
    for window in await _counted_since(connection, persons, books):
        dirty.setdefault(window.identity, window)
    return Dirty(dirty, people | {window.person_id for window in dirty.values()}, answers)


async def _concerned(connection: Connection, changes: Changes) -> dict[int, datetime]:
    """The people who changed, or whose accounts did, and since when; former owners too."""
    persons = dict(changes.persons)
    rows = await connection.fetch(
        "select distinct account_id, person_id from ownership"
        " where account_id = any($1::uuid[]) and person_id is not null",
        list(changes.accounts),
    )
    for row in rows:
        person, since_at = row["person_id"], changes.accounts[row["account_id"]]
        persons[person] = min(since_at, persons.get(person, since_at))
    return persons


Supposition = tuple[Surroundings, Sequence[Deed]]


def _suppositions(
    around: Surroundings, alive: Surroundings, deeds: Sequence[Deed], accounts: Iterable[UUID]
) -> Iterator[Supposition]:
    """The surroundings as they may have been when something was counted, each with its deeds.

    What came from or went to an account before it was known whose that account is still has the
    windows it must be taken back from; so has applause for a reshare, alive or gone.
    """
    changed = set(accounts)
    involving: dict[UUID, list[Deed]] = {account: [] for account in changed}
    with_the_gone: list[Deed] = []
    for deed in deeds:
        makers = around.makers.get(deed.post_id, ()) if deed.post_id else ()
        if not all(maker.live for maker in makers):
            with_the_gone.append(deed)
        parties = {deed.actor_id, deed.target_id}
        parties.update(party for maker in makers for party in (maker.actor_id, maker.target_id))
        for account in parties:
            if account is not None and account in changed:
                involving[account].append(deed)
    if with_the_gone:
        yield around, with_the_gone
    for account, concerned in involving.items():
        if concerned:
            for owner in {OUTSIDER, *around.ownerships.ever_owned(account)}:
                supposed = around.ownerships.supposing(account, owner)
                yield replace(alive, ownerships=supposed), concerned


def _other_times(
    alive: Surroundings, deeds: Sequence[Deed], times: Mapping[UUID, Sequence[datetime]]
) -> Iterator[Supposition]:
    """As it was when a reshare or question was dated otherwise, and may have been somebody else's."""
    for id, told in times.items():
        concerned = [
            deed
            for deed in deeds
            if deed.post_id and any(m.id == id for m in alive.makers.get(deed.post_id, ()))
        ]
        for at in told if concerned else ():
            makers = {
                post: [m._replace(occurred_at=at) if m.id == id else m for m in found]
                for post, found in alive.makers.items()
            }
            yield replace(alive, makers=makers), concerned


async def _affected(
    connection: Connection, changes: Changes, persons: Mapping[int, datetime]
) -> list[Deed]:
    """The deeds a change is about, and the deeds that refer to them."""
    found: dict[UUID, Deed] = {}

    def add(deeds: Iterable[Deed]) -> None:
        found.update((deed.id, deed) for deed in deeds)

    if changes.engagements:
        add(await reading.by_id(connection, changes.engagements))
    if changes.natives:
        add(await reading.by_native_key(connection, changes.natives))
    if changes.posts:
        add(deed for _, deed in await reading.making(connection, changes.posts))
        add(await reading.on_posts(connection, changes.posts))
    for account, since_at in changes.accounts.items():
        add(await reading.of_accounts_since(connection, [account], since_at))
    company = await company_accounts(connection)
    accounts_of = await load_accounts(connection, persons)
    for person, since_at in persons.items():
        own = accounts_of[person]
        add(await reading.of_accounts_since(connection, own, since_at))
        add(await reading.applause_since(connection, own, company, since_at))
    made = await _made(connection, found.values())
    referring = await reading.on_posts(connection, made) if made else []
    # A reshare by the company lets a post count from then on, the post itself and its answers.
    reshared = {
        deed.post_id
        for deed in found.values()
        if deed.kind in RESHARING and deed.post_id is not None and deed.actor_id in company
    }
    if reshared:
        referring += await reading.on_posts(connection, reshared)
        referring += [deed for _, deed in await reading.making(connection, reshared)]
    add(referring)
    answered = await _made(connection, referring) - made
    add(await reading.on_posts(connection, answered) if answered else [])
    return list(found.values())


async def _made(connection: Connection, deeds: Iterable[Deed]) -> set[UUID]:
    """The names of the posts that these deeds made, under which others answer or applaud them."""
    posts = [deed for deed in deeds if deed.kind in REFERRED_TO]
    return await reading.names_of(connection, posts) if posts else set()


def _as_if_live(makers: Mapping[UUID, list[Deed]]) -> dict[UUID, list[Deed]]:
    """Applause for a reshare that is gone still has the window it must be taken back from."""
    return {
        post: [maker._replace(removed=False, held=False) for maker in found]
        for post, found in makers.items()
    }


async def _counted_since(
    connection: Connection, persons: Mapping[int, datetime], books: Books
) -> list[DirtyWindow]:
    """Windows in which people already hold points since a change of theirs."""
    if not persons:
        return []
    rows = await connection.fetch(
        """select e.person_id, e.rule, e.rule_window, max(e.occurred_at) as at
           from unnest($1::bigint[], $2::timestamptz[]) as since(person_id, at)
           join entry e on e.person_id = since.person_id and e.occurred_at >= since.at
           group by e.person_id, e.rule, e.rule_window""",
        list(persons),
        list(persons.values()),
    )
    windows = []
    posts = {
        UUID(post)
        for per, _, post in (row["rule_window"].partition(":") for row in rows)
        if per == "post" and post
    }
    published = await load_published(connection, posts) if posts else {}
    for row in rows:
        name, window_name = row["rule"], row["rule_window"]
        per, _, post = window_name.partition(":")
        published_at = published.get(UUID(post)) if per == "post" and post else None
        ruling = books.ruling(name, row["at"], post if per == "post" else None, published_at)
        if ruling is None or ruling[1].name != window_name:
            # A corrected rulebook has no such window any more: what it gave is taken back.
            ruling = books.once_ruled(name, window_name, row["at"])
        if ruling is not None:
            windows.append(DirtyWindow.ruled(row["person_id"], ruling))
    return windows
