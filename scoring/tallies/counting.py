"""Counting a contest: a value for each person, from the facts, as known at a cutoff.

Laws: who is asked for is in the answer, with nothing if need be; people are counted in pages, so that a
contest of everybody needs no more memory than one of a hundred; a count writes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from scoring.connection import Connection
from scoring.metrics import Source
from scoring.sight import ALL, Cutoff
from scoring.tallies.earned import earned, reads_like
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
    [found] = await tally_each(
        connection, [terms], person_ids, cutoff=cutoff, with_facts=with_facts
    )
    return found


async def tally_each(
    connection: Connection,
    several: Sequence[CountingTerms],
    person_ids: Iterable[int],
    *,
    cutoff: Cutoff = ALL,
    with_facts: bool = False,
) -> list[dict[int, Tallied]]:
    """The same for several contests at once, in their order.

    The facts behind them are read once where they can be: contests of points under one rulebook that
    overlap cost little more than one.
    """
    found: list[dict[int, Tallied]] = [{} for _ in several]
    everybody = sorted(set(person_ids))
    for begin in range(0, len(everybody), PAGE):
        page = everybody[begin : begin + PAGE]
        for places in _alike(several):
            terms = [several[place] for place in places]
            counted = (
                [await followers(connection, one, page, cutoff, with_facts) for one in terms]
                if terms[0].contest.source is Source.FOLLOWERS
                else await earned(connection, terms, page, cutoff, with_facts)
            )
            for place, values in zip(places, counted, strict=True):
                found[place] |= values
    return found


def _alike(several: Sequence[CountingTerms]) -> list[list[int]]:
    """The places of terms that are counted together."""
    groups: dict[Hashable, list[int]] = {}
    for place, terms in enumerate(several):
        groups.setdefault(reads_like(terms), []).append(place)
    return list(groups.values())
