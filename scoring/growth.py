"""Windows that only grew, folded from what the ledger says of them instead of from their deeds. Pure.

Law: the answer is the one that reading the window anew would give. The ledger names the keys that fill
a window's steps; a key that is added stands in its place among them, whatever lies beyond the steps.
Only a key that may be lost needs the deeds again, for another may follow in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from scoring.credits import Credit
from scoring.fold import Claim, DirtyWindow
from scoring.ledger import Entry, Moment


class Seen(NamedTuple):
    """A credit of a deed that a change is about, and whether it counts as things are now."""

    credit: Credit
    counts: bool


def grown(
    window: DirtyWindow, stands: Mapping[Moment, Entry], seen: Iterable[Seen]
) -> list[Claim] | None:
    """The claims of a window of which these credits may have come or gone; None: read its deeds.

    `stands` is what the ledger says of the window, `seen` everything that may have moved in it.
    """
    claims = _standing(window, stands)
    if claims is None:
        return None
    by_key: dict[UUID, list[Seen]] = defaultdict(list)
    for one in seen:
        by_key[one.credit.key].append(one)
    for key, mine in by_key.items():
        first = min(((c.at, c.deed.id) for c, counts in mine if counts), default=None)
        stood = claims.get(key)
        if stood is None:
            if first is not None:
                claims[key] = Claim(key, *first)
        elif first is not None and first[0] <= stood.at:
            if first[0] < stood.at:
                claims[key] = Claim(key, *first)
        elif stood.engagement_id is None or any(
            not counts or c.deed.id == stood.engagement_id for c, counts in mine
        ):
            return None  # what stood may be gone: who else stands behind the key, and who follows?
    return list(claims.values())


def _standing(window: DirtyWindow, stands: Mapping[Moment, Entry]) -> dict[UUID, Claim] | None:
    """The claims that the ledger names; None where it may leave out some that the steps would hold."""
    ladder, book = window.rule.ladder, window.book.id
    if 0 in ladder or len(stands) > len(ladder):
        return None  # a key worth nothing takes a place without an entry
    claims: dict[UUID, Claim] = {}
    ordered = sorted((at, key) for key, at in stands)
    for (at, key), points in zip(ordered, ladder, strict=False):
        entry = stands[key, at]
        if entry.points != points or entry.rulebook_id != book or key in claims:
            return None  # counted under other steps, which may have been full sooner
        claims[key] = Claim(key, at, entry.engagement_id)
    return claims
