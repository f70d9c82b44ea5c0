"""Money under fire: requests one after another, side by side, killed between any two statements, sent
again, sent with other content. The books always agree, and requests that ran side by side leave what
some order of them, one after another, would have left.

`pytest tests/rewards/budgets --hypothesis-profile=thorough` looks much longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from itertools import count, permutations
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

from rewards.amounts import Kind
from rewards.budgets import balances, check_books, left_of
from tests.rewards.budgets.ledger_model import (
    Ask,
    Close,
    Model,
    Outcome,
    Publish,
    Recover,
    Release,
    Reserve,
    Settle,
    TopUp,
)
from tests.rewards.budgets.ledger_scene import DAY, open_cash
from tests.scoring.test_once import Killed, Mortal

T = TypeVar("T")
thorough = settings.get_current_profile_name() == "thorough"
FUNDED = 20
KILLED = "Killed"
_examples = count(1)
small = st.integers(1, 12)
number = st.integers(0, 9)
# A closed budget is the end of most stories, so that one is rare.
OFTEN = {
    "reserve": 5, "publish": 4, "post": 4, "recover": 3, "void": 2, "expire": 2, "release": 3,
    "top_up": 2, "close": 1,
}  # fmt: skip
verbs = st.sampled_from([verb for verb, times in OFTEN.items() for _ in range(times)])
asks = st.tuples(verbs, number, small)
# Statements after which a connection dies; most live.
lives = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8, *[1000] * 9])


class Ledger(RuleBasedStateMachine):
    """A company with two budgets, two contests of three awards each, and three connections."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.connections = [self.wait(asyncpg.connect(self.url)) for _ in range(3)]
        self.numbers = count(1)
        self.asked: list[Ask] = []
        self.ids: dict[str, int] = {}  # of reservations, by key

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        for connection in self.connections:
            self.wait(connection.close())
        self.loop.close()

    @initialize()
    def found(self) -> None:
        self.wait(self._found(self.connections[0], next(_examples)))

    async def _found(self, connection: Any, example: int) -> None:
        self.example = example
        insert = "insert into person (recorded_at) values ($1) returning id"
        self.spender, self.stranger = [await connection.fetchval(insert, DAY) for _ in range(2)]
        self.contests: dict[int, list[int]] = {}
        for slug in (f"a{example}", f"b{example}"):
            contest = await connection.fetchval(
                """insert into contest (slug, author_id, recorded_at) values ($1, $2, $3)
                   returning id""",
                slug,
                self.spender,
                DAY,
            )
            self.contests[contest] = [
                await connection.fetchval(
                    """insert into award (contest_id, prize, person_id, kind, units, proposer_id,
                         recorded_at) values ($1, $2, $3, 'recognition', 0, $3, $4) returning id""",
                    contest,
                    prize,
                    self.spender,
                    DAY,
                )
                for prize in range(3)
            ]
        self.budgets = [
            await open_cash(
                connection, key=f"{example}:open:{kind}", name=f"{kind} {example}", kind=kind,
                currency=currency, units=FUNDED, spenders=[self.spender], by=self.spender,
            )
            for kind, currency in ((Kind.CASH, "KWD"), (Kind.DAYS, None))
        ]  # fmt: skip
        self.model = Model(
            available=dict.fromkeys(self.budgets, FUNDED),
            spenders={budget: {self.spender} for budget in self.budgets},
        )
        self.reservations: list[tuple[str, int]] = []  # key, contest

    @rule(asks=st.lists(st.tuples(asks, lives), min_size=1, max_size=4))
    def side_by_side(self, asks: list[tuple[tuple[str, int, int], int]]) -> None:
        self.play([(self.ask(*asked), life) for asked, life in asks])

    @rule(asked=asks, statements=st.integers(0, 12))
    def killed_then_sent_again_twice(self, asked: tuple[str, int, int], statements: int) -> None:
        ask = self.ask(*asked)
        self.play([(ask, statements)])
        self.play([(ask, 1000)])
        self.play([(ask, 1000), (ask, 1000)])

    @rule(which=number, other=st.booleans(), life=lives)
    def an_earlier_one_again(self, which: int, other: bool, life: int) -> None:
        if self.asked:
            ask = self.asked[which % len(self.asked)]
            self.play([(ask.other() if other else ask, life), (ask, 1000)])

    @invariant()
    def the_books_agree(self) -> None:
        assert self.wait(check_books(self.connections[0])) == []
        assert self.standing() == self.model.stands()

    def ask(self, verb: str, which: int, units: int) -> Ask:
        """A request of today's world; which budget, contest or award, `which` says."""
        key = f"{self.example}:{next(self.numbers)}"
        budget = self.budgets[which % 2]
        contest, awards = list(self.contests.items())[which // 2 % 2]
        by = self.stranger if which == 9 else self.spender
        ask: Ask = TopUp(key, by, units, budget)
        if verb == "reserve" or (verb in ("post", "void", "expire", "release") and not self.ids):
            ask = Reserve(key, by, units, budget, contest)
        elif verb == "publish":
            costs = tuple((one, (units + which) % 3 + 1) for one in self.budgets)
            ask = Publish(key, by, 1 + units // 4, contest, costs)
        elif verb == "close":
            ask = Close(key, by, units, budget)
        elif verb == "recover":
            ask = Recover(key, by, units // 3 + 1, awards[which % 3])
        elif verb != "top_up":
            reservation, contest = self.reservations[which % len(self.reservations)]
            award = self.contests[contest][units % 3]
            ask = Settle(key, by, units // 2 + 1, verb, reservation, award)
            if verb == "release":
                ask = Release(key, by, units // 2 + 1, reservation)
        self.asked.append(ask)
        return ask

    def play(self, asks: Sequence[tuple[Ask, int]]) -> None:
        outcomes = self.wait(self._play(asks))
        living = [
            (ask, outcome)
            for (ask, _), outcome in zip(asks, outcomes, strict=True)
            if outcome != KILLED
        ]
        standing, held = self.standing(), self.wait(self._learn())
        for order in permutations(living):
            trial = self.model.copy()
            explained = all(ask.model(trial) == outcome for ask, outcome in order)
            if explained and (trial.stands(), trial.left) == (standing, held):
                self.model = trial
                return
        raise AssertionError(f"no order of these explains {standing} and {held}: {living}")

    def standing(self) -> dict[int, tuple[int, int, int]]:
        stand = self.wait(balances(self.connections[0], self.budgets))
        return {key: (one.available, one.reserved, one.spent) for key, one in stand.items()}

    async def _play(self, asks: Sequence[tuple[Ask, int]]) -> list[Outcome]:
        async def alone(place: int) -> list[tuple[int, Outcome]]:
            done = []
            for index in range(place, len(asks), len(self.connections)):
                ask, life = asks[index]
                try:
                    outcome = await ask.run(Mortal(self.connections[place], life), self.ids)
                except Killed:
                    outcome = KILLED
                done.append((index, outcome))
            return done

        played = await asyncio.gather(*(alone(place) for place in range(len(self.connections))))
        return [outcome for _, outcome in sorted(one for some in played for one in some)]

    async def _learn(self) -> dict[str, int]:
        """The reservations there are; what each holds, by the key that began it."""
        rows = await self.connections[0].fetch(
            """select distinct on (r.id) t.key, r.id, r.contest_id from reservation r
               join transfer t on t.reservation_id = r.id
               where r.budget_id = any($1) order by r.id, t.id""",
            self.budgets,
        )
        self.ids = {row["key"]: row["id"] for row in rows}
        self.reservations = [(row["key"], row["contest_id"]) for row in rows]
        return {key: await left_of(self.connections[0], one) for key, one in self.ids.items()}


def test_nothing_is_overspent_doubled_or_lost_whoever_asks_and_dies_when(database_url: str) -> None:
    class Here(Ledger):
        url = database_url

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Here,
        settings=settings(
            max_examples=200 if thorough else 25, stateful_step_count=20, deadline=None,
            database=None, print_blob=True, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
