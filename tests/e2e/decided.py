"""A decided contest for the end-to-end tests: two brackets, a tie, an alias, winners of every mind."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from rewards import Amount, accept, show_award
from rewards.contests.charter import Among, Bracket, Prize, PrizeKind
from rewards.contests.decide import Win
from tests.app.pages.company import Company
from tests.app.pages.contest_rows import Contests
from tests.e2e.world import EMAILS, World, apart

BRACKETS = (Bracket("Under 500", 0, 500), Bracket("From 500", 500, None))
FIRST, NEXT, ALL = Amount(20_000, "EUR"), Amount(5_000, "EUR"), Amount(1_000, "EUR")
PRIZES = (
    Prize(1, PrizeKind.CASH, Among.EACH, (FIRST,), first_place=1, last_place=1, budgets=(1,)),
    Prize(2, PrizeKind.CASH, Among.EACH, (NEXT,), first_place=2, last_place=3, budgets=(1,)),
    Prize(3, PrizeKind.CASH, Among.ALL, (ALL,), reach=5, at_most=20, budgets=(1,)),
)


@dataclass(frozen=True)
class Winner:
    """Who won what, and what others may see of it; `says` None: nothing was said yet."""

    name: str
    bracket: int | None
    place: int | None
    value: int
    says: tuple[str, bool] | None = None
    alias: str | None = None


# The employee of the demo is the first of the upper bracket.
WINNERS = (
    Winner("Ana Ferreira", 1, 1, 61, ("name", True)),
    Winner("Tomasz Wiśniewski-Kołodziejczyk", 1, 2, 40, ("name", False)),
    Winner("Yael Cohen", 1, 2, 40, ("none", False)),
    Winner("Ines Duarte", 0, 1, 33, ("name", True)),
    Winner("Bruno Alves", 0, 2, 21, ("alias", False), alias="Heron 12"),
    Winner("Sofie Berg", 0, 3, 20),
    Winner("Piet de Vries", None, None, 9, ("name", True)),
    Winner("Rita Nunes", None, None, 7),
)
# Opening; third, second, first and headline of the lower bracket; second, first and headline of the
# upper one, whose second place is shared; who reached the threshold; closing.
STEPS = 10


def decide(served: World, slug: str, winners: Iterable[Winner] = WINNERS) -> int:
    """A contest that a leader can announce; its id."""

    async def work() -> int:
        connection = await asyncpg.connect(served.settings.require_database_url())
        try:
            return await _decided(connection, slug, list(winners))
        finally:
            await connection.close()

    return apart(work())


async def _decided(
    connection: asyncpg.Connection[asyncpg.Record], slug: str, winners: list[Winner]
) -> int:
    company = Company(connection)
    publisher, employee = [
        await connection.fetchval("select person_id from profile where email = $1", EMAILS[key])
        for key in ("hr", "employee")
    ]
    approver = await company.person(f"Arne Approver of {slug}", role="hr")
    people = [
        employee if one.name == "Ana Ferreira" else await company.person(one.name, alias=one.alias)
        for one in winners
    ]
    contests = Contests(company, publisher)
    contest_id = await contests.contest(
        slug, starts_in=-timedelta(days=40), brackets=BRACKETS, prizes=PRIZES,
        values={id: one.value for id, one in zip(people, winners, strict=True)},
        bracket_of={id: one.bracket or 0 for id, one in zip(people, winners, strict=True)},
        events=("settled", "decided"),
    )  # fmt: skip
    for id, one in zip(people, winners, strict=True):
        await connection.execute(
            """insert into evidence (contest_id, person_id, body, sha256, recorded_at)
               values ($1, $2, $3, '', $4)""",
            contest_id, id, json.dumps({"standings": {"prize": {"value": one.value}}}), company.now,
        )  # fmt: skip
    wins = [_win(one, id) for one, id in zip(winners, people, strict=True)]
    awards = await contests.awards(contest_id, wins, approver)
    for award, person, one in zip(awards, people, winners, strict=True):
        await accept(connection, award, by=person, now=company.now)
        if one.says is not None:
            name, prize = one.says
            await show_award(connection, award, by=person, name=name, prize=prize, now=company.now)
    return contest_id


def _win(one: Winner, person: int) -> Win:
    if one.place is None:
        return Win(3, None, None, person, None, ALL, "reached")
    first = one.place == 1
    return Win(
        1 if first else 2, one.place, one.bracket, person, None, FIRST if first else NEXT, "place"
    )
