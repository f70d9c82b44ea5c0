"""Counting a contest: a value for each person, from the facts, as known at a cutoff.

Laws: who is asked for is in the answer, with nothing if need be; people are counted in pages, so that a
contest of everybody needs no more memory than one of a hundred; a count writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoring.connection import Connection
from scoring.metrics import Source
from scoring.sight import ALL, Cutoff
from scoring.tallies.earned import earned
from scoring.tallies.followers import followers
from scoring.tallies.terms import CountingTerms, Tallied

PAGE = (
    100  # people: their facts of a season are some ten thousand, and twenty queries serve them all
)


async def tally(
    connection: Connection,
    terms: CountingTerms,
    person_ids: Iterable[int],
    *,
    cutoff: Cutoff = ALL,
    with_facts: bool = False,
) -> dict[int, Tallied]:
    """Count these people by a contest's terms; `with_facts` names every fact behind a value.

    Without `cutoff.facts_by`, with one before the end, or with one that is not `final`, the contest is
    taken to be running. In a repeatable-read transaction all pages see one moment.
    """
    count = followers if terms.contest.source is Source.FOLLOWERS else earned
    found: dict[int, Tallied] = {}
    everybody = sorted(set(person_ids))
    for begin in range(0, len(everybody), PAGE):
        page = everybody[begin : begin + PAGE]
        found |= await count(connection, terms, page, cutoff, with_facts)
    return found
