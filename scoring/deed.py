"""A deed: an engagement as it is read back for counting, and what surrounds it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scoring.facts import Kind
from scoring.intervals import Enrolments, Ownerships


class Deed(NamedTuple):
    """One engagement with its best known time and whether it still stands."""

    id: UUID
    platform: str
    kind: Kind
    native_key: UUID
    actor_id: UUID | None
    target_id: UUID | None
    post_id: UUID | None
    thread_id: UUID | None
    occurred_at: datetime
    removed: bool
    held: bool
    source: str

    @property
    def live(self) -> bool:
        """Neither undone on the network nor held by an open case."""
        return not (self.removed or self.held)


@dataclass(frozen=True, slots=True)
class PostMarks:
    """What people and texts said about a post."""

    disclosed: bool = False
    story: bool = False
    handed_in: bool = False
    topics: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()  # topics it had until a person took them off


UNMARKED = PostMarks()


@dataclass(slots=True)
class Surroundings:
    """Everything outside a deed that decides what it is: loaded for a batch, asked by pure code."""

    ownerships: Ownerships
    enrolments: Enrolments
    marks: Mapping[UUID, PostMarks] = field(default_factory=dict)
    published: Mapping[UUID, datetime] = field(default_factory=dict)
    # deeds whose own post is the given one: what an answer answers, what an echo echoes
    makers: Mapping[UUID, list[Deed]] = field(default_factory=dict)
    # live reshares and quotes of a post, to find those of the company
    reshares: Mapping[UUID, list[Deed]] = field(default_factory=dict)
    # whether posts about the company count only with the disclosure: where prizes are at stake
    disclosure_needed: bool = False
