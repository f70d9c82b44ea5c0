"""What people earned in a contest's stretch, by the one fold.

Law: a claim earns its step at its moment, as on boards; a contest's value is what was earned at moments
in [start, end). Contests that read the same windows have them read once, and each takes its stretch.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from scoring.books import Books
from scoring.claims import claims_of
from scoring.connection import Connection
from scoring.fold import DirtyWindow, Earned, fold
from scoring.metrics import Found, Source
from scoring.sight import Cutoff, Sight
from scoring.surround import load_origins
from scoring.tallies.rules import OneWindow, answers_rule, charter_books
from scoring.tallies.terms import CountedFact, CountingTerms, Tallied
from scoring.tallies.windows import contest_windows


def reads_like(terms: CountingTerms) -> Hashable:
    """What terms have in common that read the same windows: one reading serves them all. Pure."""
    alike = terms.contest.source, terms.platforms, terms.zone, terms.needs_disclosure
    if terms.contest.source is Source.RULEBOOK:
        # The rulebook's windows are those of the calendar, and of posts, whatever the contest.
        return *alike, terms.rulebook
    return *alike, terms.metric, terms.start_at, terms.end_at


async def earned(
    connection: Connection,
    alike: Sequence[CountingTerms],
    persons: Sequence[int],
    cutoff: Cutoff,
    with_facts: bool,
) -> list[dict[int, Tallied]]:
    """These people's values in contests of points or answers that `reads_like` one another."""
    sight = Sight(cutoff, disclosure_needed=alike[0].needs_disclosure)
    books = _books(alike[0])
    windows: dict[object, DirtyWindow] = {}
    for start_at, end_at in _joined(_stretch(terms) for terms in alike):
        for window in await contest_windows(connection, persons, books, start_at, end_at, sight):
            windows.setdefault(window.identity, window)
    every = list(windows.values())
    claims = await claims_of(connection, every, books, sight, at_once=True)
    whole: dict[int, list[Earned]] = {person: [] for person in persons}
    for window in every:
        whole[window.person_id] += fold(window.rule, claims[window.identity])
    values = []
    for terms in alike:
        start_at, end_at = _stretch(terms)
        found = {
            person: [one for one in mine if start_at <= one.claim.at < end_at]
            for person, mine in whole.items()
        }
        facts = await _facts(connection, terms, found) if with_facts else {}
        values.append(
            {
                person: _tallied(terms, person, mine, facts.get(person, ()))
                for person, mine in found.items()
            }
        )
    return values


def _stretch(terms: CountingTerms) -> tuple[datetime, datetime]:
    """What of the past a contest looks at."""
    before = terms.end_at - terms.start_at if terms.contest.looks_before else timedelta()
    return terms.start_at - before, terms.end_at


def _joined(stretches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same stretches of time, those that touch in one piece."""
    joined: list[tuple[datetime, datetime]] = []
    for start_at, end_at in sorted(stretches):
        if joined and start_at <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end_at)
        else:
            joined.append((start_at, end_at))
    return joined


def _books(terms: CountingTerms) -> Books:
    if terms.contest.source is Source.ANSWERS:
        return OneWindow(answers_rule(terms), terms.start_at, terms.end_at, terms.zone)
    assert terms.rulebook is not None  # the terms say so
    return charter_books(terms.rulebook, terms.platforms, terms.zone)


def _tallied(
    terms: CountingTerms, person: int, mine: Sequence[Earned], facts: tuple[CountedFact, ...]
) -> Tallied:
    within = [one for one in mine if one.claim.at >= terms.start_at]
    earned_ = sum(one.points for one in within)
    before = sum(one.points for one in mine) - earned_
    value = terms.contest.value(Found(earned=earned_, before=before))
    # Every step adds something, so the value is reached with the last of them and not before.
    reached_at = max((one.claim.at for one in within), default=None) if value else None
    goals = _goals(terms, within, before)
    return Tallied(person, value, reached_at, facts, goals=goals)


def _goals(terms: CountingTerms, within: Sequence[Earned], before: int) -> dict[int, datetime]:
    """When each goal was reached that was. Every step adds, so the first time is for good."""
    reached: dict[int, datetime] = {}
    waiting = sorted(set(terms.goals))
    so_far = 0
    for one in sorted(within, key=lambda one: one.claim.at):
        so_far += one.points
        value = terms.contest.value(Found(earned=so_far, before=before))
        while waiting and value >= waiting[0]:
            reached[waiting.pop(0)] = one.claim.at
        if not waiting:
            break
    return reached


async def _facts(
    connection: Connection,
    terms: CountingTerms,
    found: Mapping[int, Sequence[Earned]],
) -> dict[int, tuple[CountedFact, ...]]:
    """The facts behind what was earned, in order of time."""
    claims = [one.claim for mine in found.values() for one in mine]
    ids = [claim.engagement_id for claim in claims if claim.engagement_id is not None]
    rows = await connection.fetch(
        "select id, platform from engagement where id = any($1::uuid[])", ids
    )
    platforms = {row["id"]: row["platform"] for row in rows}
    posts = {claim.figure[0] for claim in claims if claim.figure is not None}
    origins = await load_origins(connection, posts) if posts else {}

    def fact(one: Earned) -> CountedFact:
        claim = one.claim
        worth = one.points if claim.at >= terms.start_at else -one.points
        if claim.engagement_id is not None:
            id, key = str(claim.engagement_id), str(claim.key)
            return CountedFact(
                "engagement", id, platforms[claim.engagement_id], key, claim.at, worth
            )
        assert claim.figure is not None  # a claim is of a deed or of a figure
        post, kind = claim.figure
        platform = origins[post].platform
        return CountedFact("figure", f"{post}:{kind}", platform, str(claim.key), claim.at, worth)

    return {
        person: tuple(sorted(map(fact, mine), key=lambda f: (f.at, f.key, f.id)))
        for person, mine in found.items()
    }
