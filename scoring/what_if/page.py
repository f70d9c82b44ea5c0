"""What some people would have under a draft: their deeds, read in bulk and judged.

Law: what comes out is what adopting the draft gives them; `scoring.claims` reads window by window and
this reads everybody's stretch at once, and attribution, credits and steps are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from scoring import deeds as reading
from scoring.attribution import attribute
from scoring.connection import Connection
from scoring.credits import credits
from scoring.deed import Deed
from scoring.facts import Kind
from scoring.figure_claims import figure_claims, figure_posts
from scoring.fold import DirtyWindow
from scoring.identity import credit_key
from scoring.look import echo_posts
from scoring.probes import BEGINNING
from scoring.sameness import live_same
from scoring.sight import EVERYTHING
from scoring.surround import company_accounts, load_accounts, load_published, surround
from scoring.what_if.draft import Draft
from scoring.what_if.judging import Judging, as_credits_have_it
from scoring.what_if.keys import Keys
from scoring.what_if.rows import (
    CHANGED,
    KINDS,
    MICROSECOND,
    NOBODY,
    Row,
    by_actors_before,
    done_to,
    moved,
    number_of,
    to_posts_before,
    to_targets_before,
    uuid,
)

# Clocks of networks differ; by more than this no deed is told to be older than what it was done to.
_CLOCKS_DIFFER = timedelta(days=2)


async def keys_of(connection: Connection, persons: Sequence[int], draft: Draft) -> Keys:
    """The keys these people would have, of which those in the draft's stretch are worth something."""
    accounts = await load_accounts(connection, persons)
    own = sorted({account for owned in accounts.values() for account in owned})
    echoes = await echo_posts(connection, accounts, EVERYTHING) if draft.since("post") else {}
    applauded = sorted({post for posts in echoes.values() for post in posts})
    figured = await figure_posts(connection, persons) if draft.with_figures else {}
    rows, changed = await _told(connection, draft, own, applauded, figured)
    platforms = await connection.fetch(
        "select id, platform from account where id = any($1::uuid[])",
        [*own, *await company_accounts(connection)],
    )
    by_account = {row["id"].bytes: row["platform"] for row in platforms}
    judging = Judging(draft, persons, rows, changed, by_account)
    around = await surround(connection, judging.deeds, whole=False)
    settled = await _figures(connection, draft, figured, judging.keys)
    judging.judge(around, settled)
    judging.keys.settle()
    await _counted_before(connection, draft, judging.keys)
    return judging.keys


async def _told(
    connection: Connection,
    draft: Draft,
    own: Sequence[UUID],
    applauded: Sequence[UUID],
    figured: Mapping[int, Iterable[UUID]],
) -> tuple[list[Row], list[Deed]]:
    """What was told of these accounts and may matter: as rows, and what changed since as deeds."""
    rows: dict[bytes, Row] = {}
    elsewhere: set[UUID] = set()
    for side, refs in (("target", own), ("actor", own), ("post", applauded)):
        since = draft.since(side)
        read = await done_to(connection, side, refs, since, draft.end_at)
        rows |= {row[0]: row for row in read}
        elsewhere |= set(await moved(connection, side, refs, since, draft.end_at))
    deeds = await reading.by_id(connection, elsewhere) if elsewhere else []
    rows |= {
        row[0]: row
        for row in await _earlier(connection, draft, rows.values(), deeds, own, applauded, figured)
    }
    changed = {uuid(row[0]) for row in rows.values() if row[8] == CHANGED} - elsewhere
    if changed:
        deeds += await reading.by_id(connection, changed)
    return [row for row in rows.values() if row[8] != CHANGED], deeds


async def _earlier(
    connection: Connection,
    draft: Draft,
    rows: Iterable[Row],
    deeds: Iterable[Deed],
    own: Sequence[UUID],
    applauded: Sequence[UUID],
    figured: Mapping[int, Iterable[UUID]],
) -> list[Row]:
    """What happened before and may stand behind the same keys, or fill the same windows."""

    of_posts, of_actors, of_targets = (
        {KINDS.index(kind) for kind in kinds}
        for kinds in (draft.of_posts, draft.of_actors, draft.of_targets)
    )
    posts = _known(row[4] for row in rows if row[7] in of_posts)
    posts |= _of(post for mine in figured.values() for post in mine)
    posts |= _of(deed.post_id for deed in deeds)
    actors = _known(row[2] for row in rows if row[7] in of_actors)
    actors |= _of(deed.actor_id for deed in deeds)
    targets = _known(row[3] for row in rows if row[7] in of_targets)
    targets |= _of(deed.target_id for deed in deeds)
    early = draft.earliest_at + _CLOCKS_DIFFER
    until = draft.until
    return [
        *await to_posts_before(connection, posts, until(draft.of_posts), early, own, applauded),
        *await by_actors_before(connection, actors, until(draft.of_actors), own),
        *await to_targets_before(connection, own, until(draft.of_targets), targets),
    ]


def _known(ids: Iterable[bytes]) -> set[bytes]:
    return set(ids) - {NOBODY}


def _of(ids: Iterable[UUID | None]) -> set[bytes]:
    return {id.bytes for id in ids if id is not None}


async def _figures(
    connection: Connection, draft: Draft, figured: Mapping[int, Sequence[UUID]], keys: Keys
) -> set[tuple[int, UUID, Kind]]:
    """Put what figures count into its windows; returns the (person, post, kind) that they settle."""
    if not figured:
        return set()
    books = draft.books
    first = books.versions[0]
    asked = [
        DirtyWindow(person, rule, "", first, None, None)
        for person in figured
        for rule in draft.with_figures.values()
    ]
    claims, settled = await figure_claims(connection, asked, books)
    published = await load_published(
        connection, {post for mine in figured.values() for post in mine}
    )
    in_time = {
        (name, ruling[1].name): ruling
        for name in draft.with_figures
        for ruling in books.windows_within(name, draft.start_at, draft.end_at)
    }
    for (person, name, window_name), mine in claims.items():
        ruling = in_time.get((name, window_name))
        if window_name.startswith("post:"):
            post = UUID(window_name.removeprefix("post:"))
            ruled = (
                books.post_ruling(rule, book, post.hex, published.get(post))
                for rule, book in books.rules_per_post(name)
            )
            ruling = next((one for one in ruled if one is not None), None)
        if ruling is not None:
            keys.window(person, ruling).counts += [number_of(claim.at) for claim in mine]
    return settled


async def _counted_before(connection: Connection, draft: Draft, keys: Keys) -> None:
    """Take out keys that counted before, of rules for which nothing tells but asking key by key."""
    asked = [
        (identity[1], window, key, id)
        for identity, window in keys.windows.items()
        if draft.asked_one_by_one(window.rule)
        for key, (_, id) in window.keys.items()
    ]
    if not asked:
        return
    deeds = await reading.by_id(connection, {uuid(id) for _, _, _, id in asked})
    around = await surround(connection, deeds)
    by_id = {deed.id.bytes: attribute(deed, around) for deed in deeds}
    found = []
    for name, window, key, id in asked:
        hashed = credit_key(*as_credits_have_it(key))
        mine = credits(by_id[id], draft.books, around, only=(name,))
        found.append((window, key, next(c for c in mine if c.key == hashed)))
    earlier = await live_same(
        connection, [(c, BEGINNING, c.at + MICROSECOND) for _, _, c in found], draft.books
    )
    for (window, key, credit), same in zip(found, earlier, strict=True):
        if any((c.at, c.deed.id) < (credit.at, credit.deed.id) for c in same):
            del window.keys[key]
