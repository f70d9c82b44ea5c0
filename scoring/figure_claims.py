"""Where counts without names stand beside names: which windows they touch and what they claim there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from scoring import deeds as reading
from scoring.attribution import attribute, may_count
from scoring.books import Books, Ruling
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.deed import UNMARKED, Deed, Surroundings
from scoring.disclosure import undisclosed
from scoring.facts import Kind
from scoring.figures import merge, since_theirs
from scoring.fold import Claim, DirtyWindow, earliest
from scoring.intervals import theirs_at
from scoring.relation import Relation
from scoring.rules import Rule
from scoring.sight import ALL, EVERYTHING, Cutoff, Sight
from scoring.surround import (
    Origin,
    load_enrolments,
    load_origins,
    load_ownerships,
    surround,
    with_topics_once,
)

Observations = dict[tuple[UUID, Kind], list[tuple[datetime, int]]]


def takes_figures(rule: Rule) -> bool:
    """Whether nameless counts may stand in: per post, where no rule asks for different people beyond it."""
    return rule.relation is Relation.EARNED and set(rule.credit) == {"actor", "post"}


async def _observations(
    connection: Connection, posts: Iterable[UUID], cutoff: Cutoff = ALL
) -> Observations:
    rows = await connection.fetch(
        f"""select post_id, kind, observed_at, value from figure
            where post_id = any($1::uuid[]){cutoff.facts("figure")}""",
        list(posts),
    )
    seen: Observations = defaultdict(list)
    for row in rows:
        seen[row["post_id"], Kind(row["kind"])].append((row["observed_at"], row["value"]))
    return seen


async def figure_windows(
    connection: Connection, posts: set[UUID], books: Books
) -> list[DirtyWindow]:
    """Every window that the figures of these posts may touch, those of the names beside them too."""
    observations = await _observations(connection, posts)
    if not observations:
        return []
    figured = {post for post, _ in observations}
    deeds = await reading.on_posts(connection, figured)
    around = with_topics_once(await surround(connection, deeds, figured))
    origins = await load_origins(connection, figured)
    await _know_authors(connection, around, origins)
    windows = [
        DirtyWindow.of(c)
        for deed in deeds
        for c in credits(attribute(deed, around), books, around)
        if takes_figures(c.rule)
    ]
    for (post, kind), seen in observations.items():
        for observed_at in {at for at, _ in seen}:
            author = origins[post].author_id if post in origins else None
            person = around.ownerships.owner_at(author, observed_at).person_id
            for name in books.rule_names if person is not None else ():
                ruling = _ruling(name, post, kind, observed_at, origins, books, around)
                if person is None or ruling is None:
                    continue
                windows.append(DirtyWindow.ruled(person, ruling))
    return windows


def _ruling(
    name: str,
    post: UUID,
    kind: Kind,
    at: datetime,
    origins: Mapping[UUID, Origin],
    books: Books,
    around: Surroundings,
) -> Ruling | None:
    """What rules a nameless count of a post and kind at a moment, if the rule takes any."""
    ruling = books.ruling(name, at, post.hex, around.published.get(post))
    if ruling is None or post not in origins:
        return None
    rule = ruling[0]
    if not takes_figures(rule) or kind not in rule.kinds:
        return None
    if not rule.takes(origins[post].platform):
        return None
    topics = around.marks.get(post, UNMARKED).topics
    return None if rule.topics is not None and rule.topics.isdisjoint(topics) else ruling


async def _know_authors(
    connection: Connection,
    around: Surroundings,
    origins: Mapping[UUID, Origin],
    cutoff: Cutoff = ALL,
) -> None:
    """Add who owned the authors' accounts, which no deed needs to name."""
    authors = {origin.author_id for origin in origins.values()}
    known = await load_ownerships(connection, authors, cutoff)
    around.ownerships = around.ownerships.and_also(known)


async def figure_posts(connection: Connection, persons: Iterable[int]) -> dict[int, list[UUID]]:
    """The posts with figures of these people; empty at once where no figure was ever told."""
    if not await connection.fetchval("select exists (select 1 from figure)"):
        return {}
    rows = await connection.fetch(
        """select distinct o.person_id, p.post_id from ownership o
           join post p on p.author_id = o.account_id
           where o.person_id = any($1::bigint[])
             and exists (select 1 from figure f where f.post_id = p.post_id)""",
        list(persons),
    )
    found: dict[int, list[UUID]] = defaultdict(list)
    for row in rows:
        found[row["person_id"]].append(row["post_id"])
    return found


async def figure_claims(
    connection: Connection,
    windows: Sequence[DirtyWindow],
    books: Books,
    sight: Sight = EVERYTHING,
) -> tuple[dict[tuple[int, str, str], list[Claim]], set[tuple[int, UUID, Kind]]]:
    """Claims of posts with figures, by window; and the (person, post, kind) they settle alone."""
    asked = [window for window in windows if takes_figures(window.rule)]
    posts_of = await figure_posts(connection, {window.person_id for window in asked})
    posts = {post for posts in posts_of.values() for post in posts}
    if not posts:
        return {}, set()
    observations = await _observations(connection, posts, sight.cutoff)
    deeds = await reading.on_posts(connection, posts, cutoff=sight.cutoff)
    around = await surround(connection, deeds, posts, sight)
    origins = await load_origins(connection, posts, sight.cutoff)
    await _know_authors(connection, around, origins, sight.cutoff)
    people = posts_of.keys() | around.ownerships.people()
    around.enrolments = await load_enrolments(connection, people)
    named = _named(deeds, books, around)
    claims: dict[tuple[int, str, str], list[Claim]] = defaultdict(list)
    for person, name in sorted({(window.person_id, window.rule.name) for window in asked}):
        # A person who answered a post and quoted it counts for what they did first.
        credited = earliest(named[person, name]).values()
        for (post, kind), seen_values in observations.items():
            if post not in posts_of.get(person, ()):
                continue
            mine = [c for c in credited if (c.deed.post_id, c.deed.kind) == (post, kind)]
            window_of = {c.key: c.window.name for c in mine}
            names = [Claim(c.key, c.at, c.deed.id) for c in mine]
            author = origins[post].author_id if post in origins else None
            theirs = theirs_at(person, author, around.ownerships, around.enrolments)
            added = since_theirs(seen_values, around.published.get(post), theirs)
            for claim in merge(post, kind.value, names, added, books.capacity_of(name)):
                if claim.engagement_id is not None:
                    claims[person, name, window_of[claim.key]].append(claim)
                    continue
                ruling = _ruling(name, post, kind, claim.at, origins, books, around)
                if ruling is not None and _owned_then(person, post, origins, claim.at, around):
                    claims[person, name, ruling[1].name].append(claim)
    settled = {
        (person, post, kind)
        for person, owned in posts_of.items()
        for post, kind in observations
        if post in owned
    }
    return claims, settled


def _named(
    deeds: Iterable[Deed], books: Books, around: Surroundings
) -> dict[tuple[int, str], list[Credit]]:
    """The live credits of these deeds that stand beside figures, by person and rule."""
    named: dict[tuple[int, str], list[Credit]] = defaultdict(list)
    for deed in deeds:
        seen = attribute(deed, around)
        for credit in credits(seen, books, around) if seen.refusal is None else ():
            if takes_figures(credit.rule):
                named[credit.person_id, credit.rule.name].append(credit)
    return named


def _owned_then(
    person: int, post: UUID, origins: Mapping[UUID, Origin], at: datetime, around: Surroundings
) -> bool:
    owner = around.ownerships.owner_at(origins[post].author_id, at)
    if owner.person_id != person or around.enrolments.state_at(owner.record_id, at) != "active":
        return False
    return may_count(owner.counts, post, at, around) and not undisclosed([post], around)
