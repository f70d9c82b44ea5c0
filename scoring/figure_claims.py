"""Where counts without names stand beside names: which windows they touch and what they claim there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from scoring import deeds as reading
from scoring.attribution import attribute, may_count
from scoring.books import Books
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.deed import Surroundings
from scoring.facts import Kind
from scoring.figures import merge
from scoring.fold import Claim, DirtyWindow, earliest
from scoring.relation import Relation
from scoring.rules import Rule
from scoring.surround import load_authors, load_enrolments, load_ownerships, surround

Observations = dict[tuple[UUID, Kind], list[tuple[datetime, int]]]


def takes_figures(rule: Rule) -> bool:
    """Whether nameless counts may stand in: per post, where no rule asks for different people beyond it."""
    return rule.relation is Relation.EARNED and set(rule.credit) == {"actor", "post"}


async def _observations(connection: Connection, posts: Iterable[UUID]) -> Observations:
    rows = await connection.fetch(
        "select post_id, kind, observed_at, value from figure where post_id = any($1::uuid[])",
        list(posts),
    )
    seen: Observations = defaultdict(list)
    for row in rows:
        seen[row["post_id"], Kind(row["kind"])].append((row["observed_at"], row["value"]))
    return seen


async def figure_windows(
    connection: Connection, posts: set[UUID], books: Books
) -> list[DirtyWindow]:
    """Every window that the figures of these posts may touch."""
    observations = await _observations(connection, posts)
    if not observations:
        return []
    authors = await load_authors(connection, {post for post, _ in observations})
    ownerships = await load_ownerships(connection, authors.values())
    windows = []
    for (post, kind), seen in observations.items():
        for observed_at, _ in seen:
            person = ownerships.owner_at(authors.get(post), observed_at).person_id
            for name in books.rule_names if person is not None else ():
                ruling = books.ruling(name, observed_at, post.hex, None)
                if person is None or ruling is None or kind not in ruling[0].kinds:
                    continue
                rule, window, book = ruling
                if takes_figures(rule):
                    windows.append(
                        DirtyWindow(person, rule, window.name, book, window.start_at, window.end_at)
                    )
    return windows


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
    connection: Connection, windows: Sequence[DirtyWindow], books: Books
) -> tuple[dict[tuple[int, str, str], list[Claim]], set[tuple[UUID, Kind]]]:
    """Claims of posts with figures, by window; and the (post, kind) they settle alone."""
    asked = [window for window in windows if takes_figures(window.rule)]
    posts_of = await figure_posts(connection, {window.person_id for window in asked})
    posts = {post for posts in posts_of.values() for post in posts}
    if not posts:
        return {}, set()
    observations = await _observations(connection, posts)
    deeds = await reading.on_posts(connection, posts, {kind for _, kind in observations})
    around = await surround(connection, deeds)
    authors = await load_authors(connection, posts)
    around.ownerships = await load_ownerships(
        connection,
        set(authors.values()) | {a for d in deeds for a in (d.actor_id, d.target_id) if a},
    )
    around.enrolments = await load_enrolments(connection, posts_of)
    named: dict[tuple[str, UUID, Kind], list[Credit]] = defaultdict(list)
    for deed in deeds:
        seen = attribute(deed, around)
        for credit in credits(seen, books, around) if seen.refusal is None else ():
            if seen.post_id is not None:
                named[credit.rule.name, seen.post_id, deed.kind].append(credit)
    claims: dict[tuple[int, str, str], list[Claim]] = defaultdict(list)
    for person, rule in {(window.person_id, window.rule) for window in asked}:
        for (post, kind), seen_values in observations.items():
            if kind not in rule.kinds or post not in posts_of.get(person, ()):
                continue
            credited = earliest(c for c in named[rule.name, post, kind] if c.person_id == person)
            names = [Claim(key, c.at, c.deed.id) for key, c in credited.items()]
            for claim in merge(post, kind.value, names, seen_values, rule.capacity):
                if claim.engagement_id is None and not _owned_then(
                    person, post, authors.get(post), claim.at, around
                ):
                    continue
                ruling = books.ruling(rule.name, claim.at, post.hex, around.published.get(post))
                if ruling is not None:
                    claims[person, rule.name, ruling[1].name].append(claim)
    return claims, set(observations)


def _owned_then(
    person: int, post: UUID, author: UUID | None, at: datetime, around: Surroundings
) -> bool:
    owner = around.ownerships.owner_at(author, at)
    active = around.enrolments.state_at(person, at) == "active"
    return active and owner.person_id == person and may_count(owner.counts, post, at, around)
