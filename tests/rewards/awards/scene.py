"""A decided contest with an award of each kind, and what must hold of awards and ledger at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from rewards.amounts import Amount
from rewards.awards import STATE, AwardState, AwardView, approve, awards, propose
from rewards.awards.award import OPEN
from rewards.budgets import check_books, reservations
from rewards.contests.charter import Among, Charter, Prize, PrizeKind
from rewards.contests.decide import Win
from rewards.contests.record import read
from tests.rewards.life.world import (
    DAYS,
    EUROS,
    FIRST,
    LONG_AGO,
    cash,
    charter,
    found,
    hire,
    published,
)

DECIDED = datetime(2026, 12, 14, 9, tzinfo=UTC)
ANA, BEN, CARO, DAN = FIRST, FIRST + 1, FIRST + 2, FIRST + 3
CASH, VACATION, CHOICE, PRAISE = range(4)  # the awards, in order; of Ana, Ben, Caro and Dan


def prize(number: int, kind: PrizeKind, amounts: Sequence[Amount], **more: Any) -> Prize:
    """A prize for the place of its number."""
    budgets = tuple(EUROS if amount.currency else DAYS for amount in amounts)
    place = {} if kind is PrizeKind.RECOGNITION else {"first_place": number, "last_place": number}
    return Prize(
        number=number, kind=kind, among=Among.EACH, amounts=tuple(amounts), budgets=budgets,
        **(place | more),
    )  # fmt: skip


PRIZES = (
    prize(1, PrizeKind.CASH, [cash(10_000)]),
    prize(2, PrizeKind.DAYS, [Amount(3)]),
    prize(3, PrizeKind.CHOICE, [cash(5_000), Amount(2)]),
    prize(4, PrizeKind.RECOGNITION, [], text="A word of thanks", first_place=1, last_place=1),
)


async def company(connection: Any) -> tuple[int, int, int]:
    """The company of tests/rewards/life, with another of HR, somebody who may stand in, and a stranger."""
    await found(connection)
    people = [await hire(connection, name) for name in ("hr3", "stand-in", "stranger")]
    await give_role(connection, people[0], "hr")
    return people[0], people[1], people[2]


async def give_role(connection: Any, person: int, role: str, *, granted: bool = True) -> None:
    """A role given, or taken back."""
    await connection.execute(
        """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
           values ($1, $2, $3, null, $4)""",
        person, role, granted, LONG_AGO,
    )  # fmt: skip


async def decided(
    connection: Any, *, now: datetime = DECIDED, prizes: Sequence[Prize] = PRIZES, **terms: Any
) -> list[int]:
    """A contest that was won by Ana, Ben, Caro and Dan, in the order of its prizes; the awards' ids."""
    made: Charter = charter(prizes=tuple(prizes), **terms)
    contest_id = await published(connection, made)
    contest = await read(connection, contest_id)
    wins = [
        Win(
            one.number,
            one.first_place,
            0,
            person,
            None,
            one.amounts[0] if one.amounts else None,
            "place",
        )
        for one, person in zip(prizes, (ANA, BEN, CARO, DAN), strict=False)
    ]
    held = {one.budget_id: one.id for one in await reservations(connection, contest_id)}
    return await propose(
        connection, contest_id=contest_id, charter=contest.charter, wins=wins, reservations=held,
        now=now,
    )  # fmt: skip


async def approved(
    connection: Any, award_ids: Sequence[int], by: int, now: datetime = DECIDED
) -> None:
    """Somebody approves them all."""
    for award_id in award_ids:
        await approve(connection, award_id, by=by, now=now)


async def agrees(connection: Any) -> None:
    """Ledger and awards say the same, whatever happened; and so do SQL and the fold."""
    assert await check_books(connection) == []
    everything = await awards(connection)
    held: dict[int, int] = {}
    for view in everything:
        for option in (view.chosen,) if view.chosen else view.options:
            held.setdefault(option.reservation_id, 0)
            if view.state in OPEN:
                held[option.reservation_id] += option.amount.units
        if view.passed_on:
            assert view.state is AwardState.DECLINED
        kept = await connection.fetchval(
            """select coalesce(sum(case kind when 'post' then units else -units end), 0)::bigint
               from transfer where award_id = $1 and kind in ('post', 'recover')""",
            view.id,
        )
        assert kept == paid_of(view), view
    rows = await connection.fetch(
        """select distinct on (reservation_id) reservation_id, reservation_after from transfer
           where reservation_id is not null order by reservation_id, id desc"""
    )
    left = {row["reservation_id"]: row["reservation_after"] for row in rows}
    assert {id: left[id] for id in held} == held
    states = await connection.fetch(f"select a.id, {STATE} as state from award a order by a.id")
    assert [(row["id"], row["state"]) for row in states] == [(v.id, v.state) for v in everything]


def paid_of(view: AwardView) -> int:
    """Units that the winner was paid and still has."""
    if view.state not in (AwardState.PAID, AwardState.RECOVERED) or view.chosen is None:
        return 0
    return view.chosen.amount.units - view.recovered


async def steps(connection: Any, award_id: int) -> list[str]:
    """What happened to an award, in order, reminders and looking aside."""
    rows = await connection.fetch(
        """select kind from award_event where award_id = $1 and kind not in
           ('reminded', 'evidence_opened') order by id""",
        award_id,
    )
    return [row["kind"] for row in rows]


async def told(connection: Any, kind: str) -> list[tuple[int, Any]]:
    """Who was told something of a kind, with what."""
    rows = await connection.fetch(
        "select person_id, detail from notice where kind = $1 order by id", kind
    )
    return [(row["person_id"], msgspec.json.decode(row["detail"])) for row in rows]


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)
