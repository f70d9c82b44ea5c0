"""Taking what is due, and setting its price aside, in one transaction.

Laws: what was taken is asked within minutes or is due again, so that a crash loses no question; a server
that is left alone, or is being asked, gets no further question; whose account it is and whether they
agreed is looked at once more in this very statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.polls.budget import Budget, reserve
from app.polls.wanted import asked_now, earliest, wanted_sql
from scoring import Ask, NoAsk, Platform, Poll, Secrets

LEASE: Final = timedelta(minutes=10)  # longer than a round of one server takes, answers included
OF_ONE_SERVER: Final = 20  # questions a round
_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Question:
    """One question that was taken, with its price set aside at `reserved_at`."""

    poll: Poll
    subjects: tuple[str, ...]
    account_id: UUID  # of the first: in whose name it is asked where that takes a name
    server: str
    failures: int
    ask: Ask
    reserved_at: datetime

    @property
    def price(self) -> int:
        """What it costs, in thousandths of a US dollar."""
        return self.poll.price * len(self.subjects)


@dataclass(frozen=True, slots=True)
class Taken:
    """The questions of a round, by server; `short`: the budget did not do for all that is due."""

    by_server: Mapping[str, Sequence[Question]]
    short: bool = False


async def take(
    connection: Any,
    platform: Platform,
    secrets: Secrets,
    budget: Budget,
    now: datetime,
    *,
    busy: Collection[str] = (),
) -> Taken:
    """Take what is due of a network, but for servers that are being asked."""
    async with connection.transaction():
        polls = {poll.name: poll for poll in await asked_now(connection, platform, secrets, now)}
        due = await connection.fetch(
            """select d.poll, d.subject, d.account_id, d.server, d.failures,
                 (select f.url from account_face f where f.account_id = d.account_id) as url
               from poll_due d where d.platform = $1 and d.due_at <= $2 and d.server <> all($3::text[])
                 and d.poll = any($4::text[]) and not exists (
                   select from poll_pause p
                   where p.platform = d.platform and p.server = d.server and p.until_at > $2)
               order by d.due_at, d.poll, d.subject limit $5 for update skip locked""",
            platform.name,
            now,
            list(busy),
            list(polls),
            _ROWS,
        )
        kept = await _still_wanted(connection, platform, polls, secrets, due, now)
        asked, over = _questions(kept, polls, secrets, now)
        await _drop(connection, platform.name, over)
        if not asked:
            return Taken({})
        many = await reserve(connection, platform.name, budget, [one.price for one in asked], now)
        for poll in {one.poll.name for one in asked[:many]}:
            await connection.execute(
                """update poll_due set asked_at = $3, due_at = $4
                   where platform = $1 and poll = $2 and subject = any($5::text[])""",
                platform.name,
                poll,
                now,
                now + LEASE,
                [s for one in asked[:many] if one.poll.name == poll for s in one.subjects],
            )
    by_server: dict[str, list[Question]] = defaultdict(list)
    for question in asked[:many]:
        by_server[question.server].append(question)
    return Taken(by_server, many < len(asked))


async def _still_wanted(
    connection: Any,
    platform: Platform,
    polls: Mapping[str, Poll],
    secrets: Secrets,
    due: Sequence[Any],
    now: datetime,
) -> list[Any]:
    """Of what is due, what may be asked about at this moment; the rest is dropped from the plan."""
    wanted: set[tuple[str, str, UUID]] = set()
    for name in {row["poll"] for row in due}:
        poll = polls[name]
        accounts = {row["account_id"] for row in due if row["poll"] == name}
        rows = await connection.fetch(
            f"""select w.subject, w.account_id
                from ({wanted_sql(poll, secrets, only="and o.account_id = any($4::uuid[])")}) w
                where w.subject = any($5::text[])""",
            platform.name,
            now,
            earliest(poll, now),
            list(accounts),
            [row["subject"] for row in due if row["poll"] == name],
        )
        wanted |= {(name, row["subject"], row["account_id"]) for row in rows}
    kept: list[Any] = []
    over: list[Any] = []
    for row in due:
        (kept if (row["poll"], row["subject"], row["account_id"]) in wanted else over).append(row)
    await _drop(connection, platform.name, over)
    return kept


async def _drop(connection: Any, platform: str, rows: Sequence[Any]) -> None:
    if rows:
        await connection.execute(
            """delete from poll_due d using unnest($2::text[], $3::text[]) as n(poll, subject)
               where d.platform = $1 and d.poll = n.poll and d.subject = n.subject""",
            platform,
            [row["poll"] for row in rows],
            [row["subject"] for row in rows],
        )


def _questions(
    rows: Iterable[Any], polls: Mapping[str, Poll], secrets: Secrets, now: datetime
) -> tuple[list[Question], list[Any]]:
    """Rows as questions, several subjects in one where the network takes that, some of each server; and
    the rows that cannot be asked about."""
    together: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in rows:
        # What failed is asked about alone: it spoils no other's answer again.
        alone = row["subject"] if row["failures"] else ""
        together[row["server"], row["poll"], alone].append(row)
    asked: list[Question] = []
    over: list[Any] = []
    of_server: dict[str, int] = defaultdict(int)
    for (server, name, _), mine in together.items():
        poll = polls[name]
        for first in range(0, len(mine), poll.most):
            some = mine[first : first + poll.most]
            if of_server[server] == OF_ONE_SERVER:
                break
            subjects = tuple(row["subject"] for row in some)
            try:
                ask = poll.asked(subjects, secrets, some[0]["url"])
            except NoAsk:
                over += some
                continue
            of_server[server] += 1
            failures = max(row["failures"] for row in some)
            asked.append(
                Question(poll, subjects, some[0]["account_id"], server, failures, ask, now)
            )
    return asked, over
