"""The ledger as a few dictionaries: what each request does when requests come one after another.

It shares no code with the ledger. `Ask.run` asks the real one, `Ask.model` this one; both answer with
"done" or the name of the refusal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from rewards.budgets import (
    close_budget,
    expire,
    post,
    recover,
    release,
    reserve,
    top_up,
    void,
)
from rewards.refusal import Refused
from tests.rewards.budgets.ledger_scene import DAY, ENDS

Outcome = str


@dataclass
class Model:
    """What stands: by budget, by the key that began a reservation, by award."""

    available: dict[int, int]
    spenders: dict[int, set[int]]
    reserved: dict[int, int] = field(default_factory=dict)
    spent: dict[int, int] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    left: dict[str, int] = field(default_factory=dict)
    contest_of: dict[str, int] = field(default_factory=dict)
    budget_of: dict[str, int] = field(default_factory=dict)
    settled: set[tuple[str, int]] = field(default_factory=set)
    paid: dict[int, tuple[int, int]] = field(default_factory=dict)  # budget, what has not come back
    done: dict[str, Ask] = field(default_factory=dict)

    def copy(self) -> Model:
        return deepcopy(self)

    def stands(self) -> dict[int, tuple[int, int, int]]:
        return {
            budget: (available, self.reserved.get(budget, 0), self.spent.get(budget, 0))
            for budget, available in self.available.items()
        }


@dataclass(frozen=True)
class Ask(ABC):
    """A request. `reservation` is the key that began it."""

    key: str
    by: int
    units: int = 1

    async def run(self, connection: Any, ids: Mapping[str, int]) -> Outcome:
        """What the ledger answers; a refusal by its name."""
        try:
            await self.asked(connection, ids)
        except Refused as refused:
            return type(refused).__name__
        return "done"

    def other(self) -> Ask:
        """The same key with other content."""
        return replace(self, units=self.units + 1)

    @abstractmethod
    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        """Ask the ledger."""

    @abstractmethod
    def model(self, model: Model) -> Outcome:
        """The same of the model; a refusal leaves it as it was."""


@dataclass(frozen=True)
class Once(Ask):
    """One change under one key."""

    def model(self, model: Model) -> Outcome:
        before = model.done.get(self.key)
        if before is not None:
            return "done" if before == self else "KeyUsed"
        outcome = self.change(model)
        if outcome == "done":
            model.done[self.key] = self
        return outcome

    @abstractmethod
    def change(self, model: Model) -> Outcome:
        """Do the same to the model, or say why not."""


@dataclass(frozen=True)
class TopUp(Once):
    budget: int = 0

    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        return await top_up(
            connection, self.budget, self.units, by=self.by, reason="more", key=self.key, now=DAY
        )

    def change(self, model: Model) -> Outcome:
        if self.budget in model.closed:
            return "BudgetClosed"
        model.available[self.budget] += self.units
        return "done"


@dataclass(frozen=True)
class Reserve(Once):
    budget: int = 0
    contest: int = 0

    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        return await reserve(
            connection, self.budget, self.contest, self.units,
            by=self.by, on=ENDS, key=self.key, now=DAY,
        )  # fmt: skip

    def change(self, model: Model) -> Outcome:
        if self.budget in model.closed:
            return "BudgetClosed"
        if self.by not in model.spenders[self.budget]:
            return "NotASpender"
        if model.available[self.budget] < self.units:
            return "BudgetExhausted"
        model.available[self.budget] -= self.units
        model.reserved[self.budget] = model.reserved.get(self.budget, 0) + self.units
        same = [
            key
            for key, held in model.left.items()
            if held and (model.contest_of[key], model.budget_of[key]) == (self.contest, self.budget)
        ]
        key = same[0] if same else self.key
        model.left[key] = model.left.get(key, 0) + self.units
        model.contest_of[key], model.budget_of[key] = self.contest, self.budget
        return "done"


@dataclass(frozen=True)
class Publish(Ask):
    """A contest that costs something in several budgets: all of it is set aside, or nothing."""

    contest: int = 0
    costs: tuple[tuple[int, int], ...] = ()  # budget, units

    def parts(self) -> list[Reserve]:
        return [
            Reserve(f"{self.key}:{budget}", self.by, units * self.units, budget, self.contest)
            for budget, units in sorted(self.costs)
        ]

    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        async with connection.transaction():
            return [await part.asked(connection, ids) for part in self.parts()]

    def model(self, model: Model) -> Outcome:
        trial = model.copy()
        for part in self.parts():
            if (outcome := part.model(trial)) != "done":
                return outcome
        vars(model).update(vars(trial))
        return "done"


@dataclass(frozen=True)
class Settle(Once):
    verb: str = "post"
    reservation: str = ""
    award: int = 0

    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        verb = {"post": post, "void": void, "expire": expire}[self.verb]
        return await verb(
            connection, ids[self.reservation], self.award, self.units,
            by=self.by, key=self.key, reason=self.verb, now=DAY,
        )  # fmt: skip

    def change(self, model: Model) -> Outcome:
        if (self.reservation, self.award) in model.settled:
            return "AlreadySettled"
        if self.verb == "post" and self.award in model.paid:
            return "AlreadySettled"
        if model.left[self.reservation] < self.units:
            return "ReservationExhausted"
        budget = model.budget_of[self.reservation]
        model.left[self.reservation] -= self.units
        model.reserved[budget] -= self.units
        model.settled.add((self.reservation, self.award))
        if self.verb == "post":
            model.spent[budget] = model.spent.get(budget, 0) + self.units
            model.paid[self.award] = (budget, self.units)
        else:
            model.available[budget] += self.units
        return "done"


@dataclass(frozen=True)
class Release(Once):
    reservation: str = ""

    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        return await release(
            connection, ids[self.reservation], self.units,
            by=self.by, key=self.key, reason="not won", now=DAY,
        )  # fmt: skip

    def change(self, model: Model) -> Outcome:
        if model.left[self.reservation] < self.units:
            return "ReservationExhausted"
        budget = model.budget_of[self.reservation]
        model.left[self.reservation] -= self.units
        model.reserved[budget] -= self.units
        model.available[budget] += self.units
        return "done"


@dataclass(frozen=True)
class Recover(Once):
    award: int = 0

    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        return await recover(
            connection, self.award, self.units, by=self.by, key=self.key, reason="left", now=DAY
        )

    def change(self, model: Model) -> Outcome:
        budget, kept = model.paid.get(self.award, (0, 0))
        if kept < self.units:
            return "NotSpent"
        model.paid[self.award] = (budget, kept - self.units)
        model.spent[budget] -= self.units
        if budget not in model.closed:
            model.available[budget] += self.units
        return "done"


@dataclass(frozen=True)
class Close(Once):
    budget: int = 0

    async def asked(self, connection: Any, ids: Mapping[str, int]) -> object:
        return await close_budget(
            connection, self.budget, by=self.by, reason=f"year {self.units}", key=self.key, now=DAY
        )

    def change(self, model: Model) -> Outcome:
        if self.budget in model.closed:
            return "BudgetClosed"
        if model.reserved.get(self.budget, 0):
            return "StillReserved"
        model.available[self.budget] = 0
        model.closed.add(self.budget)
        return "done"
