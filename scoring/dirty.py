"""From what changed to the windows that must be folded anew.

Laws: rather too many windows than too few; a window that did not change folds to what stands. Of a
window for which it is not said what may have come or gone in it, everything may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring import deeds as reading
from scoring.answered import ANSWERING, Answer, answer_of
from scoring.attribution import ADDRESSING, RESHARING, attribute
from scoring.books import Books
from scoring.changes import Changes
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.deed import Deed, Surroundings
from scoring.figure_claims import figure_posts, figure_windows
from scoring.fold import DirtyWindow
from scoring.growth import Seen
from scoring.intervals import OUTSIDER
from scoring.probes import BEGINNING, END
from scoring.sameness import can_recur, live_same
from scoring.surround import (
    company_accounts,
    load_accounts,
    load_published,
    surround,
    with_topics_once,
)

REFERRED_TO = RESHARING | ADDRESSING  # deeds that others can answer or applaud as a post


Identity = tuple[int, str, str]


class Dirty(NamedTuple):
    """What changes may move: windows, and everybody about whom anything was looked at.

    `seen`: all that may have come or gone in a window, for those of which it is known.
    """

    windows: dict[Identity, DirtyWindow]
    people: set[int]
    answers: set[tuple[UUID, datetime]]  # who may have answered somebody, and when
    answered: set[Answer]  # who did, as things are now
    seen: dict[Identity, list[Seen]]


async def dirty_windows(
    connection: Connection,
    changes: Changes,
    books: Books,
    told: Sequence[Deed] | None = None,
) -> Dirty:
    """Every window of every person whose points these changes may move, and every person touched.

    `told`: the engagements of the changes as they were first told, where they were read before.
    """
    if told is None:
        told = await reading.as_told(connection, changes.engagements)
    persons = await _concerned(connection, changes)
    deeds = await _affected(connection, changes, persons, told)
    times = await reading.other_times(connection, changes.engagements)
    # Where something may have been another's or at another time, it may have hung on anything.
    whole = bool(changes.accounts or persons or times)
    around = await surround(connection, deeds, whole=whole)
    gone = {post for post, found in around.makers.items() if not all(m.live for m in found)}
    alive = replace(around, makers=_as_if_live(around.makers)) if gone else around
    posts = set(changes.posts)
    retold: dict[int, datetime] = {}
    touched: list[Seen] = []
    unsure: set[Identity] = set()  # counted as if what is gone still stood
    people = set(persons)
    answers: set[tuple[UUID, datetime]] = set()
    answered: set[Answer] = set()
    for deed in deeds:
        # A deed told anew at another time leaves the window it was in.
        for at in {deed.occurred_at, *times.get(deed.id, ())}:
            then = deed if at == deed.occurred_at else deed._replace(occurred_at=at)
            seen = attribute(then, alive)
            counts = at == deed.occurred_at and seen.refusal is None
            found = [Seen(credit, counts) for credit in credits(seen, books, alive)]
            touched += found
            if deed.post_id in gone or seen.post_id in gone:
                unsure.update(one.credit.identity for one in found)
            if seen.person_id is not None:
                people.add(seen.person_id)
            if deed.kind in ANSWERING and deed.actor_id is not None:
                answers.add((deed.actor_id, at))
                if at == deed.occurred_at:
                    now = seen if alive is around else attribute(deed, around)
                    answered.update(answer_of(now, books.zone))
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
            *_suppositions(around, alive, deeds, changes.accounts, gone),
            *_other_times(alive, deeds, times),
            *_topics_once(alive, deeds, changes.posts),
        )
        for deed in concerned
        for at in {deed.occurred_at, *times.get(deed.id, ())}
        for credit in credits(attribute(deed._replace(occurred_at=at), world), books, world)
    ]
    counted, later = await _recurring(connection, touched, maybe, books)
    # What is comes before what may have been: the first to name a window says what rules it.
    dirty: dict[Identity, DirtyWindow] = {}
    known: dict[Identity, list[Seen]] = {}
    for one in counted:
        identity = one.credit.identity
        if identity not in dirty:
            dirty[identity], known[identity] = DirtyWindow.of(one.credit), []
        known[identity].append(one)
    for window in (
        *map(DirtyWindow.of, later),
        *await figure_windows(connection, posts, books),
        *map(DirtyWindow.of, maybe),
    ):
        dirty.setdefault(window.identity, window)
        known.pop(window.identity, None)
    for identity in unsure:
        known.pop(identity, None)
    if len(books.versions) > 1:
        # Which version rules a post's windows hangs on its publication, which may be told anew.
        for person, since_at in retold.items():
            persons[person] = min(since_at, persons.get(person, since_at))
    for window in await _counted_since(connection, persons, books):
        dirty.setdefault(window.identity, window)
        known.pop(window.identity, None)
    people |= {window.person_id for window in dirty.values()}
    return Dirty(dirty, people, answers, answered, known)


async def _recurring(
    connection: Connection, touched: Sequence[Seen], maybe: Sequence[Credit], books: Books
) -> tuple[list[Seen], list[Credit]]:
    """What was seen with regard to what counted before, and the next credits it may move."""
    asked = [(c, BEGINNING if counts else c.at, END) for c, counts in touched if can_recur(c.rule)]
    asked += [(c, c.at, END) for c in maybe if can_recur(c.rule)]
    first: dict[int, Credit] = {}
    later: list[Credit] = []
    for (credit, _, _), same in zip(asked, await live_same(connection, asked, books), strict=True):
        mine = credit.at, credit.deed.id
        if same and (same[0].at, same[0].deed.id) < mine:
            first[id(credit)] = same[0]
        later += [c for c in same if (c.at, c.deed.id) > mine][:1]
    seen = []
    for one in touched:
        before = first.get(id(one.credit))
        if before is None or not one.counts:
            seen.append(one)
        elif before.identity == one.credit.identity:
            seen.append(Seen(before, counts=True))  # in whose place the key stands
        else:
            seen.append(Seen(one.credit, counts=False))
    return seen, later


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
    around: Surroundings,
    alive: Surroundings,
    deeds: Sequence[Deed],
    accounts: Iterable[UUID],
    gone: Set[UUID],
) -> Iterator[Supposition]:
    """The surroundings as they may have been when something was counted, each with its deeds.

    What came from or went to an account before it was known whose that account is still has the
    windows it must be taken back from; so has applause for a reshare, alive or gone.
    """
    changed = set(accounts)
    with_the_gone = [deed for deed in deeds if deed.post_id in gone] if gone else []
    if with_the_gone:
        yield around, with_the_gone
    involving: dict[UUID, list[Deed]] = {account: [] for account in changed}
    for deed in deeds if changed else ():
        makers = around.makers.get(deed.post_id, ()) if deed.post_id else ()
        parties = {deed.actor_id, deed.target_id}
        parties.update(party for maker in makers for party in (maker.actor_id, maker.target_id))
        for account in parties:
            if account is not None and account in changed:
                involving[account].append(deed)
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


def _topics_once(
    alive: Surroundings, deeds: Sequence[Deed], posts: Set[UUID]
) -> Iterator[Supposition]:
    """As it was when posts still had topics that a person took off since."""
    changed = {post for post in posts if post in alive.marks and alive.marks[post].once}
    if changed:
        concerned = [d for d in deeds if d.post_id in changed or d.native_key in changed]
        yield with_topics_once(alive), concerned


async def _affected(
    connection: Connection,
    changes: Changes,
    persons: Mapping[int, datetime],
    told: Sequence[Deed],
) -> list[Deed]:
    """The deeds a change is about, and the deeds that refer to them."""
    found: dict[UUID, Deed] = {}

    def add(deeds: Iterable[Deed]) -> None:
        found.update((deed.id, deed) for deed in deeds)

    add(await reading.as_known(connection, told))
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
