"""Looking at people about whom something became known, and opening cases about what is found.

Laws: a round is bounded, and what it took off the queue is back if it fails; who alone cannot be looked at
keeps nobody else waiting and is tried again later; the same finding is the same case, however often it is
found; what a person released is not asked about again for half a year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from scoring.blame import blames_the_facts
from scoring.cases.opening import open_case
from scoring.connection import Connection
from scoring.integrity.detect import detect
from scoring.integrity.finding import MOST_HELD, Finding
from scoring.integrity.looking import look, weights
from scoring.integrity.sketches import forget_old
from scoring.touched import LOOK_AFTER

log = structlog.get_logger(__name__)

PEOPLE: Final = 200  # a round: what is asked is asked for all of them
_NOTES: Final = 5_000  # of the queue that a round reads to find so many people
_ACTS: Final = 50_000  # that are looked at together: some 20 MB
_AGAIN_LATER: Final = timedelta(hours=6)  # by then what failed may be mended
_LOCK: Final = 0x7761746368  # "watch"
# Whoever said that a faithful reader is one need not say so every month.
RELEASE_SPEAKS: Final = timedelta(days=182)
_MOST_TIMES: Final = 20  # cases about one subject; who was upheld so often is not news


@dataclass(frozen=True, slots=True)
class Watched:
    """What a round did: people taken off the queue, the cases that what was found belongs to, and who
    could not be looked at."""

    people: int = 0
    cases: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()


async def watch(connection: Connection, now: datetime, people: int = PEOPLE) -> Watched:
    """Look at up to so many people who are due. Trouble of the database is raised.

    Where looking fails because of what is in the facts, ever fewer are looked at together; who alone fails
    is said in the log and looked at again hours later.
    """
    async with connection.transaction():
        # One worker at a time: of two texts the later must see the earlier one's sketch.
        if not await connection.fetchval("select pg_try_advisory_xact_lock($1)", _LOCK):
            return Watched()
        # In a large company somebody is always due, so it does not wait for a quiet moment.
        await forget_old(connection, now)
        asked = await _due(connection, people)
        cases: list[int] = []
        failed: list[int] = []
        for group in await _groups(connection, asked, now):
            await _look_at(connection, group, now, cases, failed)
        if failed:
            await connection.execute(
                """insert into unwatched (person_id, due_at)
                   select *, now() + $2::interval from unnest($1::bigint[])""",
                failed,
                _AGAIN_LATER,
            )
        return Watched(len(asked), tuple(dict.fromkeys(cases)), tuple(failed))


async def due_to_watch(connection: Connection, most: int) -> int:
    """How many notes of the queue are due, up to `most`."""
    return int(
        await connection.fetchval(
            "select count(*) from (select from unwatched where due_at <= now() limit $1) first",
            most,
        )
    )


async def _groups(
    connection: Connection, asked: Sequence[int], now: datetime
) -> list[Sequence[int]]:
    """The people in groups that fit into memory together; who has very much is one alone."""
    acts = await weights(connection, asked, now)
    groups: list[list[int]] = []
    room = 0
    for person in asked:
        if not groups or acts[person] > room:
            groups.append([])
            room = _ACTS
        groups[-1].append(person)
        room -= acts[person]
    return [*groups]


async def _look_at(
    connection: Connection, asked: Sequence[int], now: datetime, cases: list[int], failed: list[int]
) -> None:
    """Look at these people together, or by halves where that fails for what is known of one of them."""
    try:
        async with connection.transaction():
            happened = await look(connection, asked, now)
            found = [
                case
                for finding in _together(detect(happened))
                if (case := await _ask(connection, finding, now)) is not None
            ]
    except Exception as fault:
        if not blames_the_facts(fault):
            raise
        if len(asked) == 1:
            log.exception("person_not_watched", person=asked[0])
            failed += asked
            return
        middle = len(asked) // 2
        await _look_at(connection, asked[:middle], now, cases, failed)
        await _look_at(connection, asked[middle:], now, cases, failed)
        return
    cases += found


async def _due(connection: Connection, limit: int) -> Sequence[int]:
    """Take people off the queue; whoever was noted again since comes back as late as if noted now.

    So nobody is looked at more often than that, however much happens about them.
    """
    rows = await connection.fetch(
        f"""with due as (
             select distinct person_id from (
               select person_id from unwatched where due_at <= now() order by due_at limit $2) first
             limit $1),
           gone as (
             delete from unwatched u using due where u.person_id = due.person_id
             returning u.person_id, u.due_at),
           people as (
             select person_id, max(due_at) > now() as again from gone group by person_id),
           later as (
             insert into unwatched (person_id, due_at)
             select person_id, now() + interval '{LOOK_AFTER.total_seconds()} seconds' from people
             where again)
           select person_id from people order by person_id""",
        limit,
        _NOTES,
    )
    return [row["person_id"] for row in rows]


def _together(findings: Iterable[Finding]) -> Iterable[Finding]:
    """What is about one subject as one: said as of the whole, holding what all hold, about them all.

    Of several the one speaks that knows of most people: the last copy of a text, not the first.
    """
    by_subject: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_subject[finding.kind, finding.subject].append(finding)
    for same in by_subject.values():
        people = {finding.person_id for finding in same}
        says = same[0]
        evidence = says.evidence
        if says.several:
            says = max(same, key=lambda finding: len(_people(finding)))
            evidence = {**says.evidence, "person_ids": sorted(people.union(*map(_people, same)))}
        hold = [id for finding in same for id in finding.hold][:MOST_HELD]
        yield replace(says, hold=hold, evidence=evidence)


def _people(finding: Finding) -> Sequence[int]:
    named = finding.evidence.get("person_ids", ())
    return named if isinstance(named, list) else ()


async def _ask(connection: Connection, finding: Finding, now: datetime) -> int | None:
    """The case of a finding, opened if there is none yet; None if a person has answered already."""
    key = await _key(connection, finding, now)
    if key is None:
        return None
    return await open_case(
        connection,
        kind=finding.kind,
        person_id=None if finding.several else finding.person_id,
        reason=finding.reason,
        evidence={**finding.evidence, "key": key},
        hold=finding.hold,
        now=now,
    )


async def _key(connection: Connection, finding: Finding, now: datetime) -> str | None:
    """The open case's key or the next one's. Acts of decided cases are not seen any more, so what is
    found after one was upheld is new."""
    keys = [finding.subject, *(f"{finding.subject}#{n}" for n in range(2, _MOST_TIMES + 1))]
    rows = await connection.fetch(
        """select f.evidence->>'key' as key, d.outcome, d.recorded_at from case_file f
           left join case_decision d on d.case_id = f.id
           where f.kind = $1 and f.evidence->>'key' = any($2::text[])""",
        finding.kind,
        keys,
    )
    decided = {row["key"] for row in rows if row["outcome"] is not None}
    if decided and not finding.goes_on:
        return None
    if _released(((row["outcome"], row["recorded_at"]) for row in rows), now):
        return None
    return next((key for key in keys if key not in decided), None)


def _released(decisions: Iterable[tuple[str | None, datetime | None]], now: datetime) -> bool:
    return any(
        outcome == "released" and at is not None and now - at < RELEASE_SPEAKS
        for outcome, at in decisions
    )
