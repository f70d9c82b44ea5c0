"""Who outside answered whom on which day, and what boards of responses move by.

Laws: a row stands exactly while a live reply or quote by that person outside counts for the person on
that day of the company's zone; a period's total is the number of different people in its rows. Rows and
totals move in one transaction, under the lock of every person concerned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scoring.attribution import Attribution, attribute
from scoring.connection import Connection
from scoring.facts import Kind
from scoring.metrics import Source, boards_from
from scoring.periods import Period, bounds, first_days, starts_on
from scoring.probes import Probe, probe
from scoring.relation import Relation
from scoring.surround import surround

ANSWERING = frozenset({Kind.REPLY, Kind.QUOTE})
MOST_A_DAY = (
    10_000  # deeds of a kind by one account in one day that are looked at: beyond is a machine
)

Moved = dict[tuple[str, Period, date, int], int]
Pair = tuple[int, UUID]  # a person and who answered them


class Answer(NamedTuple):
    """One person outside answered a person on a local day."""

    person_id: int
    actor_id: UUID
    on_day: date


def answer_of(seen: Attribution, zone: ZoneInfo) -> Iterator[Answer]:
    """The answer that a deed is, if it is one that counts. Pure."""
    deed = seen.deed
    if (
        seen.refusal is None
        and seen.relation is Relation.EARNED
        and seen.person_id is not None
        and deed.kind in ANSWERING
        and deed.actor_id is not None
    ):
        day = starts_on(Period.DAY, deed.occurred_at, zone)
        yield Answer(seen.person_id, deed.actor_id, day)


async def answers_moved(
    connection: Connection,
    moments: Collection[tuple[UUID, datetime]],
    answered: Set[Answer],
    unsure: Set[Answer],
    persons: Collection[int],
    zone: ZoneInfo,
) -> Moved:
    """Put right the rows of these people for the days on which these actors may have answered.

    `answered`: those that did, read under the people's locks; `unsure`: read before. The caller holds
    the locks and carries into the totals what is returned. The facts are asked again only about the
    unsure, and about what stands and was not seen.
    """
    if not moments:
        return {}
    cells = sorted({(actor, starts_on(Period.DAY, at, zone)) for actor, at in moments})
    rows = await connection.fetch(
        """select a.person_id, a.actor_id, a.on_day
           from unnest($1::uuid[], $2::date[]) as c(actor_id, on_day)
           join answered a using (actor_id, on_day) where a.person_id = any($3::bigint[])""",
        [actor for actor, _ in cells],
        [day for _, day in cells],
        list(persons),
    )
    stands = {Answer(*row) for row in rows}
    doubtful = sorted({(one.actor_id, one.on_day) for one in (stands - answered) | unsure})
    wanted = set(answered)
    if doubtful:
        wanted |= await _counted(connection, doubtful, frozenset(persons), zone)
    come, gone = wanted - stands, stands - wanted
    if not come and not gone:
        return {}
    before = await _days(connection, {(one.person_id, one.actor_id) for one in come | gone})
    after = {pair: set(days) for pair, days in before.items()}
    for one in gone:
        after[one.person_id, one.actor_id].discard(one.on_day)
    for one in come:
        after[one.person_id, one.actor_id].add(one.on_day)
    await _write(connection, come, gone)
    amounts: Moved = defaultdict(int)
    for pair, days in before.items():
        for (period, first), amount in counted_anew(days, after[pair]).items():
            for metric in boards_from(Source.ANSWERS):
                amounts[metric, period, first, pair[0]] += amount
    return {key: amount for key, amount in amounts.items() if amount}


def counted_anew(
    before: Iterable[date], after: Iterable[date]
) -> Mapping[tuple[Period, date], int]:
    """In which periods one person outside counts now and did not (1), or no longer does (-1). Pure."""
    old, new = _periods(before), _periods(after)
    return {**dict.fromkeys(new - old, 1), **dict.fromkeys(old - new, -1)}


def _periods(days: Iterable[date]) -> set[tuple[Period, date]]:
    return {period for day in days for period in first_days(day).items()}


async def _counted(
    connection: Connection,
    cells: Collection[tuple[UUID, date]],
    persons: frozenset[int],
    zone: ZoneInfo,
) -> set[Answer]:
    """Whom of these people each actor answered on their day, by the facts."""
    probes = []
    for n, (actor, day) in enumerate(cells):
        from_at, to_at = bounds(Period.DAY, day, zone)
        probes += [
            Probe(n, actor, kind, from_at, to_at, None, MOST_A_DAY) for kind in sorted(ANSWERING)
        ]
    found = {hit.deed.id: hit.deed for hit in await probe(connection, "actor", probes)}
    around = await surround(connection, list(found.values()))
    asked = set(cells)
    return {
        one
        for deed in found.values()
        for one in answer_of(attribute(deed, around), zone)
        if one.person_id in persons and (one.actor_id, one.on_day) in asked
    }


async def _days(connection: Connection, pairs: Collection[Pair]) -> dict[Pair, set[date]]:
    """On which days these answered those, as it stands."""
    rows = await connection.fetch(
        """select p.person_id, p.actor_id, a.on_day
           from unnest($1::bigint[], $2::uuid[]) as p(person_id, actor_id)
           join answered a using (person_id, actor_id)""",
        [person for person, _ in pairs],
        [actor for _, actor in pairs],
    )
    days: dict[Pair, set[date]] = {pair: set() for pair in pairs}
    for row in rows:
        days[row["person_id"], row["actor_id"]].add(row["on_day"])
    return days


async def _write(connection: Connection, come: Iterable[Answer], gone: Iterable[Answer]) -> None:
    for statement, answers in (
        (
            """delete from answered a using unnest($1::bigint[], $2::uuid[], $3::date[])
                 as g(person_id, actor_id, on_day)
               where (a.person_id, a.actor_id, a.on_day) = (g.person_id, g.actor_id, g.on_day)""",
            sorted(gone),
        ),
        (
            """insert into answered (person_id, actor_id, on_day)
               select * from unnest($1::bigint[], $2::uuid[], $3::date[])""",
            sorted(come),
        ),
    ):
        if answers:
            await connection.execute(
                statement,
                [one.person_id for one in answers],
                [one.actor_id for one in answers],
                [one.on_day for one in answers],
            )
