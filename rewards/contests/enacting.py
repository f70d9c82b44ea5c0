"""Putting a charter in force: its text under its hash, the sealed seed, the worst case set aside."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from rewards.amounts import Amount
from rewards.budgets import reserve
from rewards.connection import Connection
from rewards.contests.charter import Charter
from rewards.contests.record import Contest, note
from rewards.contests.worst_case import worst_case
from rewards.events import emit
from scoring import record_audit

_SEED_BYTES: Final = 32  # nobody guesses it, so nobody knows the order of ties before it is shown


async def enact(
    connection: Connection,
    contest: Contest,
    charter: Charter,
    *,
    version: int,
    by: int,
    now: datetime,
) -> Charter:
    """Put a charter in force, in the caller's transaction and under the contest's lock.

    The contest's own id and slug, who publishes and the commitment to the seed are filled in here.
    """
    seed = secrets.token_bytes(_SEED_BYTES)
    charter = msgspec.structs.replace(
        charter,
        contest_id=contest.id,
        slug=contest.slug,
        proposer_id=by,
        order_commitment=sha256(seed).hexdigest(),
    )
    charter_id = await connection.fetchval(
        """insert into charter (contest_id, body, sha256, published_by, recorded_at)
           values ($1, $2, $3, $4, $5) returning id""",
        contest.id,
        charter.canonical().decode(),
        charter.sha256,
        by,
        now,
    )
    await connection.execute(
        """insert into contest_seed (charter_sha256, contest_id, seed, recorded_at)
           values ($1, $2, $3, $4)""",
        charter.sha256,
        contest.id,
        seed,
        now,
    )
    worst = worst_case(charter)
    for budget_id in sorted(worst):
        await set_aside(connection, charter, charter_id, budget_id, worst[budget_id], by, now)
    detail = {"version": version, "sha256": charter.sha256}
    await note(
        connection, contest, "published", by=by, detail=detail, now=now, charter_id=charter_id
    )
    await record_audit(connection, by, "contest_published", f"contest:{contest.id}", detail, now)
    await emit(
        connection,
        "contest.published",
        {
            "contest_id": contest.id,
            "slug": contest.slug,
            "charter_sha256": charter.sha256,
            "start_at": charter.start_at,
            "end_at": charter.end_at,
        },
        now,
    )
    return charter


async def set_aside(
    connection: Connection,
    charter: Charter,
    charter_id: int,
    budget_id: int,
    amount: Amount,
    by: int,
    now: datetime,
    what: str = "publish",
) -> None:
    """Reserve in one budget what the charter may cost there."""
    await reserve(
        connection,
        budget_id,
        charter.contest_id,
        amount.units,
        by=by,
        on=last_day(charter),
        key=f"{what}:{charter_id}:{budget_id}",
        now=now,
        reason=f"the most that “{charter.name}” can cost",
    )


def last_day(charter: Charter) -> date:
    """The day a contest ends on; one that ends at midnight belongs to the day that is over."""
    last = charter.end_at - timedelta(microseconds=1)
    return last.astimezone(ZoneInfo(charter.zone)).date()
