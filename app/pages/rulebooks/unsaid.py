"""Which numbers of a draft would be somebody's, and are not said. Pure.

Law: of fewer people than may stand behind a number none is said, nor one from which it could be worked
out: what all rules gave together stands beside, so the next rule's is left out with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring import Foreseen


def is_few(found: Foreseen, least: int) -> bool:
    """Whether either side of it is about fewer people than that, but not about nobody."""
    people = found.now.people, found.then.people
    return max(people) < least or any(0 < one < least for one in people)


def unsaid(people: Mapping[str, int], least: int) -> frozenset[str]:
    """The rules of which nothing is said, by how many people each gave something."""
    few = {rule for rule, number in people.items() if 0 < number < least}
    if not few:
        return frozenset()
    enough = sorted((number, rule) for rule, number in people.items() if number >= least)
    return frozenset(few | {rule for _, rule in enough[:1]})
