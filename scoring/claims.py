"""The live keys of dirty windows, read from the facts.

Law: a window reads deeds in order of time and stops once its steps are full, so a viral post costs no
more than its steps; what is read is the whole answer or is read again further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from scoring.attribution import attribute
from scoring.books import Books
from scoring.connection import Connection
from scoring.credits import Credit, credits
from scoring.deed import Deed
from scoring.facts import Kind
from scoring.figure_claims import figure_claims, takes_figures
from scoring.fold import Claim, DirtyWindow, earliest
from scoring.probes import BEGINNING, END, Probe, probe
from scoring.relation import BY_ACTOR, BY_TARGET, Relation
from scoring.sameness import can_recur, live_same
from scoring.surround import company_accounts, load_accounts, surround

FIRST_LOOK = 128  # deeds of one side and kind at most; fewer where the steps are full sooner
SPARE = 8  # beyond the steps: some deeds are refused or stand behind the same key
FURTHER = 8  # times as many at every further look
JUST_AFTER = timedelta(microseconds=1)  # PostgreSQL's resolution

Identity = tuple[int, str, str]


async def claims_of(
    connection: Connection, windows: Sequence[DirtyWindow], books: Books
) -> dict[Identity, list[Claim]]:
    """The claims of every window: enough of them to fill its steps, in any order."""
    settled, with_figures = await figure_claims(connection, windows, books)
    found: dict[Identity, list[Claim]] = {
        w.identity: list(settled.get(w.identity, ())) for w in windows
    }
    accounts = await load_accounts(connection, {window.person_id for window in windows})
    echoes = await _echo_posts(connection, windows, accounts)
    open_windows, further = list(windows), 1
    while open_windows:
        deeds, horizons = await _read(connection, open_windows, accounts, echoes, further)
        live = await _live_credits(connection, open_windows, deeds, with_figures, books)
        unfinished = []
        for n, window in enumerate(open_windows):
            claims = [Claim(credit.key, credit.at, credit.deed.id) for credit in live[n]]
            horizon = horizons[n]
            if horizon is not None and _count_before(claims, horizon) < window.rule.capacity:
                unfinished.append(window)
                continue
            found[window.identity] += claims
        open_windows, further = unfinished, further * FURTHER
    return found


def _count_before(claims: Iterable[Claim], horizon: datetime) -> int:
    return sum(claim.at < horizon for claim in claims)


async def _echo_posts(
    connection: Connection, windows: Sequence[DirtyWindow], accounts: dict[int, list[UUID]]
) -> dict[int, list[UUID]]:
    """The posts with which the company reshared a person's, where applause may be found."""
    persons = {w.person_id for w in windows if w.rule.relation is Relation.ECHO and not w.post_id}
    owners = {account: person for person in persons for account in accounts[person]}
    if not owners:
        return {}
    rows = await connection.fetch(
        """select e.target_id, c.name from engagement e join called c on c.engagement_id = e.id
           where e.target_id = any($1::uuid[]) and e.kind in ('reshare', 'quote')
             and e.actor_id = any($2::uuid[])""",
        list(owners),
        await company_accounts(connection),
    )
    posts: dict[int, list[UUID]] = defaultdict(list)
    for row in rows:
        posts[owners[row["target_id"]]].append(row["name"])
    return posts


async def _read(
    connection: Connection,
    windows: Sequence[DirtyWindow],
    accounts: dict[int, list[UUID]],
    echoes: dict[int, list[UUID]],
    further: int,
) -> tuple[list[dict[UUID, Deed]], list[datetime | None]]:
    """The deeds of each window and up to when they are complete (None: to the end)."""
    by_side: dict[str, list[Probe]] = {"target": [], "actor": [], "post": []}
    most = [min(FIRST_LOOK, window.rule.capacity + SPARE) * further for window in windows]
    for n, window in enumerate(windows):
        for side, ref, other in _places(window, accounts[window.person_id], echoes):
            from_at, to_at = window.start_at or BEGINNING, window.end_at or END
            for kind in window.rule.kinds:
                by_side[side].append(Probe(n, ref, kind, from_at, to_at, other, most[n]))
    deeds: list[dict[UUID, Deed]] = [{} for _ in windows]
    told: dict[tuple[int, UUID, Kind], list[datetime]] = defaultdict(list)
    for side, probes in by_side.items():
        for hit in await probe(connection, side, probes):
            deeds[hit.n][hit.deed.id] = hit.deed
            if hit.told_at is not None:
                told[hit.n, hit.ref, hit.deed.kind].append(hit.told_at)
    horizons: list[datetime | None] = [None] * len(windows)
    for (n, _, _), times in told.items():
        if len(times) >= most[n]:
            known = horizons[n]
            horizons[n] = max(times) if known is None else min(known, max(times))
    return deeds, horizons


def _places(
    window: DirtyWindow, own: Sequence[UUID], echoes: dict[int, list[UUID]]
) -> list[tuple[str, UUID, UUID | None]]:
    """(side, account or post, account on the other side) where the deeds of a window are found."""
    relation = window.rule.relation
    if window.post_id is not None:
        if relation in BY_ACTOR:
            return [("post", window.post_id, account) for account in own]
        return [("post", window.post_id, None)]
    if relation is Relation.ECHO:
        return [("post", post, None) for post in echoes.get(window.person_id, ())]
    side = "target" if relation in BY_TARGET else "actor"
    return [(side, account, None) for account in own]


async def _live_credits(
    connection: Connection,
    windows: Sequence[DirtyWindow],
    deeds: Sequence[dict[UUID, Deed]],
    with_figures: set[tuple[int, UUID, Kind]],
    books: Books,
) -> list[list[Credit]]:
    """The earliest live credit of every key of each window, less keys that counted before it."""
    every = {deed.id: deed for found in deeds for deed in found.values()}
    asked: dict[UUID, set[str]] = defaultdict(set)  # the rules in whose windows a deed was found
    for window, found in zip(windows, deeds, strict=True):
        for key in found:
            asked[key].add(window.rule.name)
    around = await surround(connection, list(every.values()))
    judged = {key: attribute(deed, around) for key, deed in every.items()}
    by_deed: dict[UUID, list[Credit]] = {
        key: list(credits(seen, books, around, only=asked[key]))
        for key, seen in judged.items()
        if not seen.refusal
    }
    first: list[list[Credit]] = []
    for window, found in zip(windows, deeds, strict=True):
        mine = earliest(
            credit
            for key in found
            for credit in by_deed.get(key, ())
            if (credit.person_id, credit.rule.name, credit.window.name) == window.identity
            and not (
                takes_figures(window.rule)
                and (window.person_id, judged[key].post_id, credit.deed.kind) in with_figures
            )
        )
        first.append(sorted(mine.values(), key=lambda credit: (credit.at, credit.key)))
    return await _first_time(connection, first, books)


async def _first_time(
    connection: Connection, first: Sequence[Sequence[Credit]], books: Books
) -> list[list[Credit]]:
    recurring = [c for found in first for c in found if can_recur(c.rule)]
    asked = [(credit, BEGINNING, credit.at + JUST_AFTER) for credit in recurring]
    earlier = await live_same(connection, asked, books) if asked else []
    counted_before = {
        id(credit)
        for credit, same in zip(recurring, earlier, strict=True)
        if any((c.at, c.deed.id) < (credit.at, credit.deed.id) for c in same)
    }
    return [[c for c in found if id(c) not in counted_before] for found in first]
