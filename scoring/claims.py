"""The live keys of dirty windows, read from the facts.

Law: a window reads deeds in order of time and stops once its steps are full, so a viral post costs no
more than its steps; what is read is the whole answer or is read again further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from scoring.attribution import attribute
from scoring.books import Books
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.facts import Kind
from scoring.figure_claims import figure_claims, takes_figures
from scoring.fold import Claim, DirtyWindow, earliest
from scoring.look import Look, Places, echo_posts, look
from scoring.probes import BEGINNING
from scoring.relation import Relation
from scoring.sameness import can_recur, live_same
from scoring.sight import EVERYTHING, Sight
from scoring.surround import load_accounts, surround

FURTHER = 8  # times as many at every further look
JUST_AFTER = timedelta(microseconds=1)  # PostgreSQL's resolution

Identity = tuple[int, str, str]


async def claims_of(
    connection: Connection,
    windows: Sequence[DirtyWindow],
    books: Books,
    sight: Sight = EVERYTHING,
    *,
    at_once: bool = False,
) -> dict[Identity, list[Claim]]:
    """The claims of every window: enough of them to fill its steps, in any order.

    `at_once`: the windows are all those of people in some stretch of time, so it is read whole first.
    """
    settled, with_figures = await figure_claims(connection, windows, books, sight)
    found: dict[Identity, list[Claim]] = {
        w.identity: list(settled.get(w.identity, ())) for w in windows
    }
    places = await _places(connection, windows, sight)
    open_windows, further = list(windows), 1
    while open_windows:
        seen = await look(connection, open_windows, places, sight, further=further, at_once=at_once)
        live = await _live_credits(connection, open_windows, seen, with_figures, books, sight)
        unfinished = []
        for window, horizon in zip(open_windows, seen.horizons, strict=True):
            claims = [Claim(c.key, c.at, c.deed.id) for c in live.get(window.identity, ())]
            if horizon is not None and _count_before(claims, horizon) < window.rule.capacity:
                unfinished.append(window)
                continue
            found[window.identity] += claims
        # Who has too much for one look at the whole is looked at window by window from then on.
        open_windows, further, at_once = unfinished, further * FURTHER, False
    return found


def _count_before(claims: Iterable[Claim], horizon: datetime) -> int:
    return sum(claim.at < horizon for claim in claims)


async def _places(connection: Connection, windows: Sequence[DirtyWindow], sight: Sight) -> Places:
    accounts = await load_accounts(connection, {window.person_id for window in windows})
    applauded = {
        w.person_id: accounts[w.person_id]
        for w in windows
        if w.rule.relation is Relation.ECHO and not w.post_id
    }
    return Places(accounts, await echo_posts(connection, applauded, sight))


async def _live_credits(
    connection: Connection,
    windows: Sequence[DirtyWindow],
    seen: Look,
    with_figures: set[tuple[int, UUID, Kind]],
    books: Books,
    sight: Sight,
) -> dict[Identity, list[Credit]]:
    """The earliest live credit of every key of each window, less keys that counted before it."""
    wanted = {window.identity: window for window in windows}
    around = await surround(connection, list(seen.deeds.values()), sight=sight, whole=False)
    by_window: dict[Identity, list[Credit]] = defaultdict(list)
    for id, deed in seen.deeds.items():
        judged = attribute(deed, around)
        if judged.refusal:
            continue
        for credit in credits(judged, books, around, only=seen.asked[id]):
            identity = credit.identity
            window = wanted.get(identity)
            if window is None or (
                takes_figures(window.rule)
                and (window.person_id, judged.post_id, deed.kind) in with_figures
            ):
                continue
            by_window[identity].append(credit)
    first = {
        identity: sorted(earliest(mine).values(), key=lambda credit: (credit.at, credit.key))
        for identity, mine in by_window.items()
    }
    return await _first_time(connection, first, books, sight)


async def _first_time(
    connection: Connection, first: Mapping[Identity, list[Credit]], books: Books, sight: Sight
) -> dict[Identity, list[Credit]]:
    recurring = [c for found in first.values() for c in found if can_recur(c.rule)]
    asked = [(credit, BEGINNING, credit.at + JUST_AFTER) for credit in recurring]
    earlier = await live_same(connection, asked, books, sight) if asked else []
    counted_before = {
        id(credit)
        for credit, same in zip(recurring, earlier, strict=True)
        if any((c.at, c.deed.id) < (credit.at, credit.deed.id) for c in same)
    }
    return {
        identity: [c for c in found if id(c) not in counted_before]
        for identity, found in first.items()
    }
