"""Awards under fire: any order of steps, by anybody, twice, side by side, killed between any two
statements. At every moment the ledger agrees with the awards, and nobody decided about themselves.

`pytest tests/rewards/awards --hypothesis-profile=thorough` looks much longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import date
from itertools import count
from typing import Any, TypeVar

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from rewards.amounts import Amount
from rewards.awards import (
    accept,
    approve,
    award,
    awards,
    confirm_date,
    decline,
    delegate,
    export,
    lapse,
    open_evidence,
    pay,
    person_left,
    propose,
    recover,
    refuse,
    remind,
    set_limit,
    settle_days,
    wish_date,
)
from rewards.awards.award import FROM, AwardState
from rewards.budgets import reservations, top_up
from rewards.contests.decide import Win
from rewards.contests.record import read
from rewards.refusal import Refused
from tests.rewards.awards.scene import (
    ANA,
    BEN,
    CARO,
    CASH,
    CHOICE,
    DAN,
    DECIDED,
    agrees,
    company,
    days,
    decided,
    give_role,
    steps,
)
from tests.rewards.life.world import DAYS, EUROS, HR, HR2
from tests.scoring.test_once import Killed, Mortal

T = TypeVar("T")
thorough = settings.get_current_profile_name() == "thorough"
_examples = count(1)
DAY = date(2027, 6, 1)

which = st.integers(0, 3)
who = st.sampled_from(
    ["hr2", "hr2", "hr2", "hr3", "hr3", "hr", "stand_in", "winner", "stranger", "other"]
)
# Statements after which a connection dies; most live.
lives = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, *[1000] * 13])
# What goes forward is tried more often, so that stories get far.
verbs = st.sampled_from(
    ["approve", "approve", "approve", "accept", "accept", "accept", "export", "export", "pay", "pay",
     "refuse", "decline", "recover", "left", "settle", "wish", "confirm", "look"]
)  # fmt: skip
asks = st.tuples(
    verbs, which, who, st.sampled_from([None] * 5 + ["hr", "hr2", "hr3"]), st.integers(0, 3)
)
WAY = {
    AwardState.PROPOSED: "approve",
    AwardState.APPROVED: "accept",
    AwardState.ACCEPTED: "export",
    AwardState.EXPORTED: "pay",
    AwardState.PAID: "recover",
}


class Awards(RuleBasedStateMachine):
    """A company with one decided contest after another, and two connections."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.connections = [self.wait(asyncpg.connect(self.url)) for _ in range(2)]
        self.now = DECIDED

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        for connection in self.connections:
            self.wait(connection.close())
        self.loop.close()

    @initialize(limit=st.sampled_from([None, 0, 7_000]))
    def found(self, limit: int | None) -> None:
        self.wait(self._found(self.connections[0], next(_examples), limit))

    async def _found(self, connection: Any, example: int, limit: int | None) -> None:
        if example == 1:
            await company(connection)
            await give_role(connection, DAN, "hr")
        self.people = {
            "hr": HR,
            "hr2": HR2,
            "hr3": DAN + 1,
            "stand_in": DAN + 2,
            "stranger": DAN + 3,
        }
        for budget, units in ((EUROS, 20_000), (DAYS, 10)):
            await top_up(
                connection, budget, units, by=HR, reason="again", key=f"again:{example}:{budget}",
                now=DECIDED,
            )  # fmt: skip
        await set_limit(connection, kind="cash", currency="EUR", units=limit, by=HR, now=DECIDED)
        self.ids = await decided(connection, name=f"Contest {example}")
        until = DECIDED + days(10)
        for giver in (HR, HR2):
            await delegate(connection, giver, DAN + 2, DECIDED, until, now=DECIDED)

    @rule(asks=st.lists(st.tuples(asks, lives), min_size=1, max_size=2))
    def side_by_side(self, asks: list[tuple[Any, int]]) -> None:
        self.wait(self._play(asks))

    @rule(which=which, steps=st.integers(1, 5), number=st.integers(1, 3), life=lives)
    def goes_on_its_way(self, which: int, steps: int, number: int, life: int) -> None:
        """What should happen next, so that stories get far; killed now and then, and asked again."""
        for _ in range(steps):
            state = self.wait(award(self.connections[0], self.ids[which])).state
            if state not in WAY:
                return
            for person in ("hr2", "hr3"):
                asked = (WAY[state], which, person, None, number)
                self.wait(self._play([(asked, life), (asked, 1000)]))

    @rule(asked=asks, statements=st.integers(0, 16))
    def killed_then_asked_again_twice(self, asked: Any, statements: int) -> None:
        self.wait(self._play([(asked, statements)]))
        self.wait(self._play([(asked, 1000), (asked, 1000)]))

    @rule(number=st.sampled_from([0, 1, 6, 13]), life=lives)
    def time_goes_by(self, number: int, life: int) -> None:
        self.now += days(number)
        for work in (lapse, remind):
            with suppress(Killed):
                self.wait(work(Mortal(self.connections[0], life), self.now))
            self.wait(work(self.connections[0], self.now))

    @invariant()
    def ledger_and_awards_agree(self) -> None:
        self.wait(agrees(self.connections[0]))

    @invariant()
    def nobody_decided_about_themselves_and_two_are_two(self) -> None:
        for view in self.wait(awards(self.connections[0], ids=self.ids)):
            voices: list[int] = []
            for one in view.approvals:
                voices += [one.by] + ([one.for_person] if one.for_person else [])
            assert len(voices) == len(set(voices))
            assert not {view.person_id, view.proposer_id} & set(voices)
            assert len(view.approvals) <= view.approvals_needed
            through = [e.kind for e in view.events if e.kind in FROM]
            for once in ("accepted", "refused", "declined", "lapsed", "exported", "paid", "voided"):
                assert through.count(once) <= 1, through
            if "accepted" in through:
                assert len(view.approvals) == view.approvals_needed

    async def _play(self, asks: list[tuple[Any, int]]) -> None:
        await asyncio.gather(
            *(
                self._ask(Mortal(connection, life), *asked)
                for connection, (asked, life) in zip(self.connections, asks, strict=False)
            )
        )

    async def _ask(
        self, connection: Any, verb: str, which: int, who: str, acting: str | None, number: int
    ) -> None:
        award_id = self.ids[which]
        winner = (ANA, BEN, CARO, DAN)[which]
        by = self.people.get(who, winner if who == "winner" else (BEN, CARO, DAN, ANA)[which])
        now = self.now
        with suppress(Refused, Killed):
            match verb:
                case "approve":
                    person = self.people[acting] if acting else None
                    await approve(connection, award_id, by=by, for_person=person, now=now)
                case "refuse":
                    await refuse(connection, award_id, by=by, reason="No", now=now)
                case "accept":
                    choice = (None, "cash", "days", "cash")[number]
                    await accept(connection, award_id, by=winner, choice=choice, now=now)
                case "decline":
                    await decline(connection, award_id, by=by, now=now)
                case "export":
                    payout = f"P-{number // 3}"
                    await export(connection, award_id, payout=payout, by=HR2, now=now)
                case "pay":
                    reference = f"r{number // 3}"
                    await pay(
                        connection, award_id, reference=reference, paid_on=DAY, by=HR2, now=now
                    )
                case "recover":
                    units = (1, 3, 5_000, 10_000)[number]
                    await recover(connection, award_id, units, by=by, reason="Back", now=now)
                case "left":
                    await person_left(connection, winner, now)
                case "settle":
                    await settle_days(connection, award_id, by=by, reason="Paid out", now=now)
                case "wish":
                    await wish_date(
                        connection, award_id, by=winner, on=DAY, half_days=number, now=now
                    )
                case "confirm":
                    view = await award(connection, award_id)
                    for wish in view.dates:
                        await confirm_date(connection, award_id, wish.id, by=by, now=now)
                case "look":
                    await open_evidence(connection, award_id, by=by, now=now)


def test_whatever_people_do_and_whoever_dies_ledger_and_awards_agree(database_url: str) -> None:
    class Here(Awards):
        url = database_url

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=100 if thorough else 25,
            stateful_step_count=40 if thorough else 25,
            deadline=None,
            print_blob=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


STORY = ["approve", "accept", "export", "pay", "recover"]


async def test_a_step_killed_before_any_statement_changes_nothing_and_is_taken_by_the_next(
    connection: Any,
) -> None:
    await company(connection)
    ids = await decided(connection)
    choice = ids[CHOICE]

    async def step(alive: Any, verb: str) -> Any:
        if verb == "approve":
            return await approve(alive, choice, by=HR2, now=DECIDED)
        if verb == "accept":
            return await accept(alive, choice, by=CARO, choice="cash", now=DECIDED)
        if verb == "export":
            return await export(alive, choice, payout="P-1", by=HR2, now=DECIDED)
        if verb == "pay":
            return await pay(alive, choice, reference="r", paid_on=DAY, by=HR2, now=DECIDED)
        return await recover(alive, choice, 5_000, by=HR2, reason="Back", now=DECIDED)

    for verb in STORY:
        before = await steps(connection, choice)
        for statements in range(1000):
            try:
                view = await step(Mortal(connection, statements), verb)
                break
            except Killed:
                assert await steps(connection, choice) == before
                await agrees(connection)
        assert statements > 5
        await agrees(connection)
    assert view.state is AwardState.RECOVERED


async def test_the_same_decision_proposes_each_award_once_and_killed_anywhere_none(
    connection: Any,
) -> None:
    await company(connection)
    first = (await decided(connection))[CASH]
    view = await award(connection, first)
    contest = await read(connection, view.contest_id)
    held = {one.budget_id: one.id for one in await reservations(connection, view.contest_id)}
    wins = [
        Win(1, 1, 0, ANA, None, Amount(10_000, "EUR"), "place"),
        Win(2, 2, 0, DAN, None, Amount(3), "place"),
    ]
    for statements in range(1000):
        try:
            made = await propose(
                Mortal(connection, statements), contest_id=contest.id, charter=contest.charter,
                wins=wins, reservations=held, now=DECIDED,
            )  # fmt: skip
            break
        except Killed:
            assert await connection.fetchval("select count(*) from award") == 4
    assert made[0] == first
    assert await connection.fetchval("select count(*) from award") == 5
    assert await steps(connection, first) == ["proposed"]
