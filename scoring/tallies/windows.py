"""Which windows of whom a contest reads: all those in which something may have been earned in it.

Law: a window that reaches over the contest's start or end is read whole, so that its steps run as they
do on boards; only what was earned in the contest's stretch is then counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from scoring.books import Books
from scoring.connection import Connection
from scoring.figure_claims import takes_figures
from scoring.fold import DirtyWindow
from scoring.look import echo_posts, owners_of
from scoring.relation import BY_ACTOR, Relation
from scoring.rules import Rule
from scoring.sight import Sight
from scoring.surround import load_accounts
from scoring.tallies.rules import OneWindow

PostsOf = dict[int, set[UUID | None]]


async def contest_windows(
    connection: Connection,
    persons: Sequence[int],
    books: Books,
    start_at: datetime,
    end_at: datetime,
    sight: Sight,
) -> list[DirtyWindow]:
    """Every window of these people in which a moment of [start_at, end_at) may have earned."""
    if isinstance(books, OneWindow):
        return [DirtyWindow.ruled(person, books.only) for person in persons]
    book = books.versions[0]
    found = [
        DirtyWindow(person, rule, window_name, book, from_at, to_at)
        for rule in book.rules.values()
        if rule.per != "post"
        for window_name, from_at, to_at in _stretches(books, rule.name, start_at, end_at)
        for person in persons
    ]
    for rule in book.rules.values():
        if rule.per != "post":
            continue
        for person, posts in (
            await posts_at(connection, persons, rule, start_at, end_at, sight)
        ).items():
            for post in posts:
                window = rule.window_at(start_at, post.hex if post else None, books.zone)
                found.append(DirtyWindow.ruled(person, (rule, window, book)))
    return found


def _stretches(
    books: Books, name: str, start_at: datetime, end_at: datetime
) -> Iterator[tuple[str, datetime, datetime]]:
    """The windows of time of a rule that overlap a stretch, one after the other."""
    at = start_at
    while at < end_at:
        ruling = books.ruling(name, at, None, None)
        assert ruling is not None
        window = ruling[1]
        assert window.start_at is not None
        assert window.end_at is not None
        yield window.name, window.start_at, window.end_at
        at = window.end_at


async def posts_at(
    connection: Connection,
    persons: Sequence[int],
    rule: Rule,
    start_at: datetime,
    end_at: datetime,
    sight: Sight,
) -> PostsOf:
    """The posts at which something happened in the stretch; None for what has no post."""
    found = (
        await _figured(connection, persons, rule, start_at, end_at, sight)
        if takes_figures(rule)
        else {}
    )
    refs = await load_accounts(connection, persons)
    if rule.relation is Relation.ECHO:
        refs = await echo_posts(connection, refs, sight)
        column = "post_id"
    else:
        column = "actor_id" if rule.relation in BY_ACTOR else "target_id"
    owners = owners_of(refs)
    rows = await connection.fetch(
        f"""select distinct {column} as ref, post_id from engagement e
            where {column} = any($1::uuid[]) and kind = any($2::text[])
              and occurred_at >= $3 and occurred_at < $4{sight.cutoff.facts("e")}
            union
            select distinct {column}, post_id from retiming t
            where {column} = any($1::uuid[]) and kind = any($2::text[])
              and occurred_at >= $3 and occurred_at < $4{sight.cutoff.facts("t")}""",
        list(owners),
        [kind.value for kind in rule.kinds],
        start_at,
        end_at,
    )
    for row in rows:
        for person in owners[row["ref"]]:
            found.setdefault(person, set()).add(row["post_id"])
    return found


async def _figured(
    connection: Connection,
    persons: Sequence[int],
    rule: Rule,
    start_at: datetime,
    end_at: datetime,
    sight: Sight,
) -> PostsOf:
    """The posts whose figures were seen in the stretch."""
    rows = await connection.fetch(
        f"""select distinct o.person_id, f.post_id from ownership o
            join post p on p.author_id = o.account_id
            join figure f on f.post_id = p.post_id
            where o.person_id = any($1::bigint[]) and f.kind = any($2::text[])
              and f.observed_at >= $3 and f.observed_at < $4{sight.cutoff.facts("f")}""",
        list(persons),
        [kind.value for kind in rule.kinds],
        start_at,
        end_at,
    )
    found: PostsOf = {}
    for row in rows:
        found.setdefault(row["person_id"], set()).add(row["post_id"])
    return found
