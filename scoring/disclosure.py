"""Where prizes are at stake, what is about the company must say so. Pure.

Law: a post about the company without the disclosure counts nothing in such a contest until its author
discloses it, and then at its original time; a personal post needs none. A post is about the company if
it shares a story, or was made by resharing, quoting, answering or mentioning the company's account.
A story, a hand-in
and the company's own reshare let a post count on boards; none of them tells a reader that its author
works there, so none of them stands in for the disclosure here (design section 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from scoring.deed import UNMARKED, Deed, Surroundings
from scoring.facts import Kind
from scoring.relation import BY_ACTOR, Relation


def undisclosed(posts: Iterable[UUID], around: Surroundings) -> bool:
    """Whether one of these posts is about the company, needs the disclosure and lacks it."""
    return around.disclosure_needed and any(
        about_company(post, around) and not around.marks.get(post, UNMARKED).disclosed
        for post in posts
    )


def about_company(post: UUID, around: Surroundings) -> bool:
    """Whether a post shares a story, or was made at the company's account."""
    return around.marks.get(post, UNMARKED).story or any(
        not maker.removed and around.ownerships.owner_at(maker.target_id, maker.occurred_at).company
        for maker in around.makers.get(post, ())
    )


def own_posts(
    deed: Deed, relation: Relation, post_id: UUID | None, around: Surroundings
) -> list[UUID]:
    """The person's own posts that a deed counts for: what was applauded, or what they said with it."""
    if relation is Relation.ECHO:
        return [
            maker.post_id
            for maker in (around.makers.get(deed.post_id, ()) if deed.post_id else ())
            if maker.post_id is not None
        ]
    if relation in BY_ACTOR:
        return [deed.native_key]
    # A follow is of a person, not of a post, and a mention is somebody else's post.
    if post_id is None or deed.kind in (Kind.FOLLOW, Kind.MENTION):
        return []
    return [post_id]
