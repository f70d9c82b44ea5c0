"""What an administrator sees of polls and subscriptions, as plain values; nothing is decided here.

Law: whom a question was about is not shown, for who is counted is theirs: only how many, and what went
wrong in how many cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.polls.budget import Budget, Spent, spent
from app.polls.wanted import asked_now
from app.settings import Settings
from scoring import Platform, Polling, platforms

DEMO: Final = "the demo’s people are made up, and no network is asked about them"
_MOST: Final = 20  # lines of what went wrong


@dataclass(frozen=True, slots=True)
class PollShown:
    """One question, and how it goes. `why_not`: why it is not asked at all."""

    name: str
    words: str  # after "asks": "how many follow each person"
    every_s: int
    subjects: int
    told: int  # of them, at least once
    last_at: datetime | None
    next_at: datetime | None
    why_not: str | None


@dataclass(frozen=True, slots=True)
class PauseShown:
    """A server that is left alone until then."""

    server: str
    until_at: datetime
    failures: int  # 0: it only asked us to wait
    said: str


@dataclass(frozen=True, slots=True)
class TroubleShown:
    """What went wrong about single accounts or posts, and in how many cases."""

    poll: str
    said: str
    times: int


@dataclass(frozen=True, slots=True)
class NetworkPolls:
    """All about the polls of one network. Money is in thousandths of a US dollar."""

    platform: str
    label: str
    why_not: str | None  # why nothing is asked, None: it is
    polls: Sequence[PollShown]
    calls_today: int
    calls_a_day: int
    price_this_month: int
    price_a_month: int | None  # None: the network charges nothing
    price_today: int
    price_for_today: int | None  # its share of what is left of the month
    told_today: int
    refused_today: int
    failed_today: int
    overdue: int  # should have been asked by now
    pauses: Sequence[PauseShown]
    troubles: Sequence[TroubleShown]


@dataclass(frozen=True, slots=True)
class SubscriptionShown:
    """A subscription at a hub. `state`: wanted, asked, active, denied, lost or ending."""

    platform: str
    subject: str
    handle: str
    state: str
    asked_at: datetime | None
    verified_at: datetime | None
    expires_at: datetime | None
    next_at: datetime
    failures: int
    said: str | None


async def polls_shown(
    connection: Any, settings: Settings, now: datetime, only: str | None = None
) -> list[NetworkPolls]:
    """The polls of every network that is asked anything, or of one."""
    return [
        await _network(connection, network, settings, now)
        for network in platforms().values()
        if network.polling is not None and only in (None, network.name)
    ]


async def subscriptions_shown(connection: Any, only: str | None = None) -> list[SubscriptionShown]:
    """The subscriptions at hubs, what needs looking at first."""
    rows = await connection.fetch(
        """select s.platform, s.subject, coalesce(f.handle, s.subject) as handle, s.state, s.asked_at,
             s.verified_at, s.expires_at, s.next_at, s.failures, s.said
           from subscription s left join account_face f on f.account_id = s.account_id
           where $1::text is null or s.platform = $1
           order by s.state = 'active', s.expires_at nulls first, s.subject""",
        only,
    )
    return [SubscriptionShown(*row) for row in rows]


async def _network(
    connection: Any, network: Platform, settings: Settings, now: datetime
) -> NetworkPolls:
    polling, secrets = network.polling, settings.secrets_of(network.name)
    assert polling is not None
    budget = Budget.of(polling, secrets)
    month, day = await spent(connection, network.name, now)
    rows = await connection.fetch(
        """select poll, count(*) as subjects, count(told_at) as told, max(told_at) as last_at,
             min(due_at) as next_at, count(*) filter (where due_at <= $2) as overdue
           from poll_due where platform = $1 group by 1""",
        network.name,
        now,
    )
    by_poll = {row["poll"]: row for row in rows}
    asked = {poll.name for poll in await asked_now(connection, network, secrets, now)}
    polls = []
    for poll in polling.polls:
        row = by_poll.get(poll.name)
        why_not = None if poll.name in asked else "needs the confirmation about members’ data"
        if row is None:
            shown = PollShown(poll.name, poll.words, poll.every_s, 0, 0, None, None, why_not)
        else:
            counts = (row["subjects"], row["told"], row["last_at"], row["next_at"])
            shown = PollShown(poll.name, poll.words, poll.every_s, *counts, why_not)
        polls.append(shown)
    return NetworkPolls(
        network.name,
        network.label,
        DEMO
        if settings.demo and not settings.peers
        else _why_not(network, polling, budget, day, month, now),
        polls,
        day.calls,
        budget.calls_a_day,
        month.price,
        budget.price_a_month,
        day.price,
        budget.today(month.price - day.price, now),
        day.told,
        day.refused,
        day.failed,
        sum(row["overdue"] for row in rows),
        await _pauses(connection, network.name, now),
        await _troubles(connection, network.name),
    )


def _why_not(
    network: Platform, polling: Polling, budget: Budget, day: Spent, month: Spent, now: datetime
) -> str | None:
    if budget.calls_a_day == 0:
        return f"{network.variable('poll_calls')} is 0"
    if budget.price_a_month == 0:
        return f"its answers cost money, and {network.variable('poll_budget')} allows none"
    if day.calls >= budget.calls_a_day:
        return "today’s questions are used up; it goes on at midnight UTC"
    allowed = budget.today(month.price - day.price, now)
    cheapest = min((poll.price for poll in polling.polls if poll.price), default=0)
    if allowed is None or day.price + cheapest <= allowed:
        return None
    if day.price:
        return "today’s share of the budget is used up; it goes on at midnight UTC"
    return (
        "today’s share of what is left of the budget is less than a question costs; it goes on when fewer "
        f"days share it, or with a larger {network.variable('poll_budget')}"
    )


async def _pauses(connection: Any, platform: str, now: datetime) -> list[PauseShown]:
    rows = await connection.fetch(
        """select server, until_at, failures, said from poll_pause
           where platform = $1 and until_at > $2 order by failures desc, server limit $3""",
        platform,
        now,
        _MOST,
    )
    return [PauseShown(*row) for row in rows]


async def _troubles(connection: Any, platform: str) -> list[TroubleShown]:
    rows = await connection.fetch(
        """select poll, said, count(*) as times from poll_due
           where platform = $1 and said is not null group by 1, 2 order by 3 desc, 1, 2 limit $2""",
        platform,
        _MOST,
    )
    return [TroubleShown(*row) for row in rows]
