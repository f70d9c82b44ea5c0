"""Small groups outside whose engagement goes only round among a few of our people, who answer them.

A circle needs three things at once: several outsiders who do much and only to the same few people, most
of what these people receive coming from there, and people who answer back. Two friends are no circle,
and neither is a community that also talks to others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple
from uuid import UUID

from scoring.facts import Kind
from scoring.integrity.detector import Detector
from scoring.integrity.finding import MOST_HELD, Finding
from scoring.integrity.happened import Act, Happened

ANSWERS: Final = frozenset({Kind.REPLY, Kind.QUOTE, Kind.MENTION})
LEAST_OUTSIDERS: Final = 3  # two may be a couple
LEAST_PEOPLE: Final = 2  # around one person: that one's friends, or another detector's matter
MOST_PEOPLE: Final = 4  # whoever talks to five of us talks to the company
LEAST_ACTS: Final = 8  # answers of each outsider in four weeks: twice a week
# Of all answers that these people get, and that each of them gets: their points hang on the circle.
FROM_INSIDE: Final = 0.5
FROM_INSIDE_EACH: Final = 0.3
ANSWERED_BACK: Final = 0.5  # of its outsiders


class _Circle(NamedTuple):
    people: frozenset[int]
    outsiders: frozenset[UUID]
    inside: Mapping[int, int]  # answers each of the people got from these outsiders
    whole: Mapping[int, int]  # … from anybody


def find(happened: Happened) -> Iterator[Finding]:
    """For every circle, each of our people in it."""
    said: set[int] = set()
    for circle in _circles(happened):
        for person in sorted(circle.people - said):
            said.add(person)
            yield _found(happened.received[person], person, circle)


def _circles(happened: Happened) -> Iterator[_Circle]:
    answers: dict[UUID, Counter[int]] = defaultdict(Counter)
    whole: Counter[int] = Counter()
    for person, acts in happened.received.items():
        for act in acts:
            if act.kind in ANSWERS and act.outsider is not None:
                answers[act.outsider][person] += 1
                whole[person] += 1
    regulars = {
        outsider: frozenset(people)
        for outsider, people in answers.items()
        if LEAST_PEOPLE <= len(people) <= MOST_PEOPLE
        and people.total() >= LEAST_ACTS
        and (met := happened.met.get(outsider)) is not None
        and met.people == len(people)  # nobody but these, ever, in any way
    }
    back = {
        (person, act.outsider)
        for person in set().union(*regulars.values())
        for act in happened.answered.get(person, ())
    }
    by_pair: dict[tuple[int, int], set[UUID]] = defaultdict(set)
    for outsider, people in regulars.items():
        for pair in combinations(sorted(people), 2):
            by_pair[pair].add(outsider)
    # Every set of people that some regular keeps to, with all regulars who keep within it.
    for people in sorted(set(regulars.values()), key=lambda some: (-len(some), sorted(some))):
        near = set().union(*(by_pair[pair] for pair in combinations(sorted(people), 2)))
        outsiders = frozenset(one for one in near if regulars[one] <= people)
        answered = sum(1 for one in outsiders if any((person, one) in back for person in people))
        if len(outsiders) < LEAST_OUTSIDERS or answered < ANSWERED_BACK * len(outsiders):
            continue
        inside = {person: sum(answers[one][person] for one in outsiders) for person in people}
        if sum(inside.values()) >= FROM_INSIDE * sum(whole[person] for person in people) and all(
            inside[person] >= FROM_INSIDE_EACH * whole[person] for person in people
        ):
            yield _Circle(people, outsiders, inside, whole)


def _found(received: Sequence[Act], person: int, circle: _Circle) -> Finding:
    percent = round(100 * circle.inside[person] / circle.whole[person])
    return Finding(
        kind="closed_circles",
        person_id=person,
        subject=str(person),
        reason=f"{len(circle.outsiders)} accounts outside answer much and only {len(circle.people)} of "
        f"our people, who answer them; {percent} % of this person's answers came from there.",
        hold=[act.id for act in received if act.outsider in circle.outsiders][:MOST_HELD],
        evidence={
            "accounts": len(circle.outsiders) + len(circle.people),
            "inside": percent,
            "person_ids": sorted(circle.people),
            "actor_ids": sorted(map(str, circle.outsiders))[:20],
        },
        goes_on=True,
    )


DETECTOR = Detector("closed_circles", "Engagement that goes only round among a few", find)
