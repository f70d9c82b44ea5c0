"""What happened, frozen, as detectors see it: everything about some people over the last weeks. Pure.

Law: outsiders are ids and nothing else; texts are only here while they are looked at, and leave in no
finding. What a person has decided a case about is not here: it is not asked twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from scoring.facts import Kind

# Four weeks: long enough for a habit to show, short enough that one person's are a few thousand rows.
LOOK_BACK = timedelta(days=28)
# Follower counts are one small row a day; what is usual needs more of them.
COUNTS_BACK = timedelta(days=60)


class Act(NamedTuple):
    """Something between one of our people and somebody outside."""

    id: UUID  # of the engagement
    kind: Kind
    person_id: int
    outsider: UUID | None  # None where the network does not say who
    post_id: UUID | None
    at: datetime


class Written(NamedTuple):
    """A post somebody wrote, and when."""

    post_id: UUID
    at: datetime


class Met(NamedTuple):
    """What is known of an outsider beyond the acts that are in view."""

    first_at: datetime  # the first thing they ever did to anybody here
    people: int  # to how many of ours, the company as one, they ever did something


class OwnText(NamedTuple):
    """A text in a person's own words: neither a reshare nor a quote nor a story's."""

    post_id: UUID
    person_id: int
    at: datetime
    text: str
    made_by: tuple[UUID, ...]  # the engagements by which it was published


class Count(NamedTuple):
    """How many followers an account had."""

    at: datetime
    followers: int


@dataclass(frozen=True, slots=True)
class Happened:
    """The view. Every sequence is in order of time; every mapping is by person unless it says so."""

    now: datetime
    received: Mapping[int, Sequence[Act]] = field(default_factory=dict)  # outsider → person
    answered: Mapping[int, Sequence[Act]] = field(default_factory=dict)  # person → outsider
    written: Mapping[int, Sequence[Written]] = field(default_factory=dict)
    linked_at: Mapping[int, datetime] = field(default_factory=dict)  # the first account
    met: Mapping[UUID, Met] = field(default_factory=dict)  # by outsider
    texts: Sequence[OwnText] = ()
    company_texts: Sequence[str] = ()  # what the company itself wrote: repeating it is sharing
    counts: Mapping[int, Sequence[Sequence[Count]]] = field(default_factory=dict)  # by account
    # Reactions and answers that a network only counts, by the day the figure rose.
    unnamed: Mapping[int, Mapping[date, int]] = field(default_factory=dict)


def by_person(acts: Iterable[Act]) -> dict[int, list[Act]]:
    """Acts by person, each person's in order of time."""
    found: dict[int, list[Act]] = defaultdict(list)
    for act in sorted(acts, key=lambda act: (act.at, act.id)):
        found[act.person_id].append(act)
    return found


def met_in(acts: Iterable[Act]) -> dict[UUID, Met]:
    """What is known of outsiders where the view holds everything they ever did."""
    first: dict[UUID, datetime] = {}
    people: dict[UUID, set[int]] = defaultdict(set)
    for act in acts:
        if act.outsider is not None:
            first[act.outsider] = min(act.at, first.get(act.outsider, act.at))
            people[act.outsider].add(act.person_id)
    return {outsider: Met(at, len(people[outsider])) for outsider, at in first.items()}
