"""How much may be asked of a network: questions a day, and money a month where it charges.

Laws: what a question may cost is set aside and committed before it is asked, so that neither several
workers nor a crash spend more than the budget; it is given back only for a question that was certainly
never asked. Money is shared out over what is left of the month, so that its end is not without.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scoring import POLL_BUDGET, POLL_CALLS, Polling, Secrets, thousandths


@dataclass(frozen=True, slots=True)
class Budget:
    """What the settings allow. `price_a_month` in thousandths of a US dollar; None: it charges nothing."""

    calls_a_day: int
    price_a_month: int | None

    @classmethod
    def of(cls, polling: Polling, secrets: Secrets) -> Budget:
        """The budget of a network: where it charges and nothing is set, nothing may be asked."""
        said = secrets.one(POLL_CALLS.name)
        calls = polling.calls_a_day if said is None else int(said)
        if not polling.priced:
            return cls(calls, None)
        return cls(calls, thousandths(secrets.one(POLL_BUDGET.name) or "0"))

    def fitting(self, prices: Sequence[int], month: Spent, day: Spent, now: datetime) -> int:
        """How many of these questions, from the first on, may still be asked today."""
        calls, price, many = day.calls, day.price, 0
        allowed = self.today(month.price - day.price, now)
        for one in prices:
            calls, price = calls + 1, price + one
            if calls > self.calls_a_day or (allowed is not None and price > allowed):
                break
            many += 1
        return many

    def today(self, spent_before: int, now: datetime) -> int | None:
        """What may be spent today, in all, where so much was spent on the month's days before it."""
        if self.price_a_month is None:
            return None
        left = max(self.price_a_month - spent_before, 0)
        today = now.astimezone(UTC)
        days = monthrange(today.year, today.month)[1] - today.day + 1
        return -(-left // days)


@dataclass(frozen=True, slots=True)
class Spent:
    """What was set aside in a month or on a day, and what came of it."""

    calls: int = 0
    price: int = 0
    told: int = 0
    refused: int = 0
    failed: int = 0


def month_of(at: datetime) -> str:
    """The month of a moment, in UTC: 2026-11."""
    return f"{at.astimezone(UTC):%Y-%m}"


def day_of(at: datetime) -> str:
    """The day of a moment, in UTC: 2026-11-22."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


async def reserve(
    connection: Any, platform: str, budget: Budget, prices: Sequence[int], now: datetime
) -> int:
    """Set aside what the first of these questions cost, as many as fit; returns how many.

    Committed when it returns, or with the caller's transaction. Others who reserve wait meanwhile.
    """
    async with connection.transaction():
        # The month first, always: two who reserve at once come one after the other.
        month = await _locked(connection, platform, month_of(now))
        day = await _locked(connection, platform, day_of(now))
        many = budget.fitting(prices, month, day, now)
        if many:
            await _add(connection, platform, now, many, sum(prices[:many]))
    return many


async def give_back(
    connection: Any, platform: str, calls: int, price: int, reserved_at: datetime
) -> None:
    """Give back what was set aside for questions that were certainly never asked."""
    if calls:
        await _add(connection, platform, reserved_at, -calls, -price)


async def note_answers(
    connection: Any, platform: str, *, told: int, refused: int, failed: int, now: datetime
) -> None:
    """Count what came of questions, for people to look at."""
    await connection.execute(
        """update poll_spent set told = told + $4, refused = refused + $5, failed = failed + $6
           where platform = $1 and period in ($2, $3)""",
        platform,
        month_of(now),
        day_of(now),
        told,
        refused,
        failed,
    )


async def spent(connection: Any, platform: str, now: datetime) -> tuple[Spent, Spent]:
    """What was set aside this month and today."""
    rows = await connection.fetch(
        """select period, calls, price, told, refused, failed from poll_spent
           where platform = $1 and period in ($2, $3)""",
        platform,
        month_of(now),
        day_of(now),
    )
    found = {row["period"]: Spent(*tuple(row)[1:]) for row in rows}
    return found.get(month_of(now), Spent()), found.get(day_of(now), Spent())


async def _locked(connection: Any, platform: str, period: str) -> Spent:
    await connection.execute(
        """insert into poll_spent (platform, period, calls, price, told, refused, failed)
           values ($1, $2, 0, 0, 0, 0, 0) on conflict do nothing""",
        platform,
        period,
    )
    row = await connection.fetchrow(
        """select calls, price, told, refused, failed from poll_spent
           where platform = $1 and period = $2 for update""",
        platform,
        period,
    )
    return Spent(*row)


async def _add(connection: Any, platform: str, at: datetime, calls: int, price: int) -> None:
    await connection.execute(
        """update poll_spent set calls = calls + $4, price = price + $5
           where platform = $1 and period in ($2, $3)""",
        platform,
        month_of(at),
        day_of(at),
        calls,
        price,
    )
