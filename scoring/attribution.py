"""What a deed is to the company: relation, whom it may earn something, and why it may not. Pure.

Law: the answer depends on the set of facts alone, never on the order in which they became known.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring.deed import UNMARKED, Deed, Surroundings
from scoring.disclosure import own_posts, undisclosed
from scoring.facts import Kind
from scoring.intervals import OUTSIDER, Owner
from scoring.relation import Outcome, Relation

RESHARING = frozenset({Kind.RESHARE, Kind.QUOTE})
ADDRESSING = frozenset({Kind.REPLY, Kind.MENTION, Kind.QUOTE})


class Attribution(NamedTuple):
    """A deed as the company sees it.

    `post_id` is the post the relation is about: the person's own for earned and reshared, the new one
    for authored, the company's for shared and echo, the answered one for conversed.
    """

    deed: Deed
    relation: Relation | None
    person_id: int | None
    post_id: UUID | None
    refusal: Outcome | None


def attribute(deed: Deed, around: Surroundings) -> Attribution:
    """Relation, person and refusal of a deed at the time it happened."""
    at = deed.occurred_at
    actor = around.ownerships.owner_at(deed.actor_id, at)
    target = around.ownerships.owner_at(deed.target_id, at)
    relation, whose, post_id = _relate(deed, actor, target, around)
    person_id = whose.person_id
    if relation is None or person_id is None:
        return Attribution(deed, None, person_id, post_id, _unrelated(deed, actor, target))
    refusal = _refusal(deed, relation, whose, post_id, actor, target, around)
    return Attribution(deed, relation, person_id, post_id, refusal)


def _relate(
    deed: Deed, actor: Owner, target: Owner, around: Surroundings
) -> tuple[Relation | None, Owner, UUID | None]:
    if deed.kind is Kind.POST:
        return (Relation.AUTHORED if actor.person_id else None), actor, deed.native_key
    if target.person_id is not None:
        if actor.company:
            return Relation.RESHARED, target, deed.post_id
        if actor.person_id is None:
            return Relation.EARNED, target, deed.post_id
        same = actor.person_id == target.person_id
        return (None if same else Relation.PEER), target, deed.post_id
    if actor.person_id is not None:
        relation = Relation.SHARED if target.company else Relation.CONVERSED
        return relation, actor, deed.post_id
    if actor.outsider and target.company:
        author = _echoed(deed, around)
        return (Relation.ECHO if author.person_id else None), author, deed.post_id
    return None, OUTSIDER, deed.post_id


def _unrelated(deed: Deed, actor: Owner, target: Owner) -> Outcome:
    if actor.person_id is not None and actor.person_id == target.person_id:
        return Outcome.YOURSELF
    return Outcome.BRAND if actor.company or target.company else Outcome.NOT_LINKED


def _echoed(deed: Deed, around: Surroundings) -> Owner:
    """Whose post the company reshared with the post this deed was done to."""
    found: list[tuple[datetime, UUID, Owner]] = []
    for reshare in around.makers.get(deed.post_id, ()) if deed.post_id else ():
        if reshare.kind not in RESHARING or not reshare.live:
            continue
        at = reshare.occurred_at
        author = around.ownerships.owner_at(reshare.target_id, at)
        if (
            author.person_id is not None
            and around.ownerships.owner_at(reshare.actor_id, at).company
        ):
            found.append((at, reshare.id, author))
    return min(found, key=lambda one: one[:2])[2] if found else OUTSIDER


def _refusal(
    deed: Deed,
    relation: Relation,
    whose: Owner,
    post_id: UUID | None,
    actor: Owner,
    target: Owner,
    around: Surroundings,
) -> Outcome | None:
    if deed.removed:
        return Outcome.REMOVED
    if deed.held:
        return Outcome.HELD
    state = around.enrolments.state_at(whose.record_id, deed.occurred_at)
    if state != "active":
        return Outcome.PAUSED if state == "paused" else Outcome.NOT_ENROLLED
    if around.disclosure_needed and undisclosed(own_posts(deed, relation, post_id, around), around):
        return Outcome.NOT_DISCLOSED
    if relation in (Relation.EARNED, Relation.PEER) and deed.kind not in (
        Kind.FOLLOW,
        Kind.MENTION,
    ):
        if not may_count(target.counts, post_id, deed.occurred_at, around):
            return Outcome.NOT_DISCLOSED
    elif relation is Relation.AUTHORED:
        if not may_count(actor.counts, post_id, deed.occurred_at, around):
            return Outcome.NOT_DISCLOSED
    elif relation is Relation.CONVERSED:
        return _unaddressed(deed, actor, around)
    return None


def may_count(counts: str | None, post_id: UUID | None, at: datetime, around: Surroundings) -> bool:
    """Whether a person lets this post count: by their choice, or since the company reshared it."""
    if counts == "every":
        return True
    if post_id is None:
        return False
    marks = around.marks.get(post_id, UNMARKED)
    if marks.handed_in:
        return True
    if counts == "disclosed" and (marks.disclosed or marks.story or _shares_story(post_id, around)):
        return True
    return any(
        reshare.live
        and reshare.occurred_at <= at
        and around.ownerships.owner_at(reshare.actor_id, reshare.occurred_at).company
        for reshare in around.reshares.get(post_id, ())
    )


def _shares_story(post_id: UUID, around: Surroundings) -> bool:
    """Whether a post is itself a reshare or quote of one of the company's."""
    return any(
        maker.kind in RESHARING
        and not maker.removed
        and around.ownerships.owner_at(maker.target_id, maker.occurred_at).company
        for maker in around.makers.get(post_id, ())
    )


def _unaddressed(deed: Deed, actor: Owner, around: Surroundings) -> Outcome | None:
    """A conversation counts where somebody had written to the person or to the company."""
    refusal: Outcome | None = Outcome.NOT_ADDRESSED
    for asked in around.makers.get(deed.post_id, ()) if deed.post_id else ():
        if asked.kind not in ADDRESSING or asked.actor_id != deed.target_id:
            continue
        whose = around.ownerships.owner_at(asked.target_id, asked.occurred_at)
        if whose.company and actor.counts != "handed_in":
            return None
        if whose.person_id == actor.person_id:
            mention = asked.kind is Kind.MENTION and actor.counts != "handed_in"
            if mention or may_count(actor.counts, asked.post_id, deed.occurred_at, around):
                return None
            refusal = Outcome.NOT_DISCLOSED
    return refusal
