"""Contests at their end, for deciding: charters, people with values, seeds; and worlds of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from rewards.amounts import Amount
from rewards.contests.charter import Among, Bracket, Charter, Prize, PrizeKind
from rewards.contests.decide import Contender, Outcome, decide
from tests.rewards.contests.office import charter as written

BEGIN = datetime(2026, 12, 1, 8, tzinfo=UTC)
SEED = b"sealed before the start".ljust(32, b".")
ONE = (Bracket(name="Everybody", at_least=0, below=None),)
TWO = (
    Bracket(name="Small", at_least=0, below=500),
    Bracket(name="Large", at_least=500, below=None),
)
EUROS, DAYS = 1, 2


def place(
    number: int, first: int = 1, last: int | None = None, *, euros: int = 100_00, **more: Any
) -> Prize:
    """Money for a place."""
    return Prize(**{
        "number": number, "kind": PrizeKind.CASH, "among": Among.EACH, "first_place": first,
        "amounts": (Amount(euros, "EUR"),), "last_place": last or first, "budgets": (EUROS,), **more,
    })  # fmt: skip


def days(number: int, first: int = 1, last: int | None = None, **more: Any) -> Prize:
    """Two days for a place."""
    return place(number, first, last, **{
        "kind": PrizeKind.DAYS, "amounts": (Amount(4),), "budgets": (DAYS,), **more,
    })  # fmt: skip


def praise(number: int, first: int = 1, last: int | None = None, **more: Any) -> Prize:
    """Recognition for a place."""
    return place(number, first, last, **{
        "kind": PrizeKind.RECOGNITION, "amounts": (), "budgets": (), "text": "A cake", **more,
    })  # fmt: skip


def reach(number: int, goal: int, at_most: int, **more: Any) -> Prize:
    """Money for the first who reach a value."""
    return Prize(**{
        "number": number, "kind": PrizeKind.CASH, "among": Among.ALL, "reach": goal,
        "at_most": at_most, "amounts": (Amount(25_00, "EUR"),), "budgets": (EUROS,), **more,
    })  # fmt: skip


def draw(number: int, goal: int, at_most: int, **more: Any) -> Prize:
    """Money drawn among those who reach a value."""
    return reach(number, goal, at_most, **{"kind": PrizeKind.DRAW, **more})


def contest(*prizes: Prize, **more: Any) -> Charter:
    """A charter with these prizes; usually one bracket and all breakers."""
    usual: dict[str, Any] = {
        "brackets": ONE,
        "breakers": ("earliest", "pool", "order"),
        "prizes": prizes,
    }
    return msgspec.structs.replace(written(), **(usual | more))


def who(
    person: int,
    value: int,
    hour: float | None = 1,
    *,
    goals: dict[int, float] | None = None,
    **more: Any,
) -> Contender:
    """Somebody with a value that was reached so many hours after the start."""
    reached_at = None if hour is None or not value else BEGIN + timedelta(hours=hour)
    moments = {goal: BEGIN + timedelta(hours=at) for goal, at in (goals or {}).items()}
    return Contender(**{
        "person_id": person, "bracket": 0, "team": None, "value": value, "reached_at": reached_at,
        "goals": moments, **more,
    })  # fmt: skip


def decided(charter: Charter, *people: Contender, seed: bytes = SEED) -> Outcome:
    """The outcome where every network counts for every prize."""
    return decide(charter, {"prize": people, "recognition": people}, seed)


def won(outcome: Outcome) -> list[tuple[int, int | None, int, int | None]]:
    """Prize, place, person and units of every win."""
    return [
        (win.prize, win.place, win.person_id, win.amount.units if win.amount else None)
        for win in outcome.wins
    ]


@st.composite
def charters(draw_: st.DrawFn) -> Charter:
    """Contests of any shape that the form would let through."""
    teams = draw_(st.booleans())
    brackets = ONE if teams else draw_(st.sampled_from([ONE, TWO]))
    kinds = ["cash", "praise"] if teams else ["cash", "days", "praise", "reach", "draw"]
    prizes: list[Prize] = []
    free: dict[tuple[str, Among], int] = {}
    for number, kind in enumerate(draw_(st.lists(st.sampled_from(kinds), max_size=5)), 1):
        among = draw_(st.sampled_from(list(Among)))
        if kind in ("reach", "draw"):
            make = reach if kind == "reach" else draw
            prizes.append(
                make(number, draw_(st.integers(1, 9)), draw_(st.integers(1, 4)), among=among)
            )
            continue
        make_place = {"cash": place, "days": days, "praise": praise}[kind]
        ladder = ("recognition" if kind == "praise" else "prize", among)
        first = free.get(ladder, 1) + draw_(st.integers(0, 1))
        last = first + draw_(st.integers(0, 2))
        free[ladder] = last + 1
        more: dict[str, Any] = {"among": among}
        if kind == "cash":
            more["euros"] = draw_(st.sampled_from([1, 2, 99_99, 100_00]))
        prizes.append(make_place(number, first, last, **more))
    return contest(
        *prizes,
        brackets=brackets,
        who="departments" if teams else "people",
        team_least=draw_(st.integers(1, 3)),
        least=draw_(st.integers(1, 3)),
        breakers=draw_(
            st.sampled_from(
                [
                    ("earliest", "pool", "order"),
                    ("pool", "order"),
                    ("earliest", "order"),
                    ("order",),
                ]
            )
        ),
    )


@st.composite
def fields(draw_: st.DrawFn, charter: Charter) -> Sequence[Contender]:
    """People with few different values and moments, so that they tie everywhere."""
    goals = {prize.reach for prize in charter.prizes if prize.reach is not None}
    people = []
    for person in range(1, 1 + draw_(st.integers(0, 9))):
        value = draw_(st.integers(0, 9))
        hour = draw_(st.integers(5, 7))
        reached = {
            max(goal, charter.least): draw_(st.integers(1, 5)) + 0.0
            for goal in sorted(goals)
            if value >= max(goal, charter.least)
        }
        people.append(
            who(
                person,
                value,
                hour,
                goals=reached,
                bracket=draw_(st.integers(0, len(charter.brackets) - 1)),
                team=draw_(st.sampled_from([None, "Research", "Sales"])),
                eligible=draw_(st.integers(0, 4)) > 0,
            )
        )
    return people
