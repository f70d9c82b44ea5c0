"""Settling and deciding: what is counted is final, who won is written down, awards are proposed.

Law: one transaction under the contest's lock holds the decision, an evidence file for each winner,
the proposed awards and the release of what nobody won. So a contest is decided once and whole, however
many workers try and wherever they are killed; nothing that becomes known later changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from rewards.awards import propose
from rewards.budgets import release, reservations
from rewards.connection import Connection
from rewards.contests.counting import count, modes
from rewards.contests.decide import Win, decide
from rewards.contests.decision import decision_body
from rewards.contests.evidence import digest, evidence_body
from rewards.contests.looking import looked, remember
from rewards.contests.outcome import CountedOut, cases_that_matter, count_out
from rewards.contests.record import Contest, lock, note
from rewards.contests.tallying import keep
from rewards.events import emit
from rewards.notices import notify_many
from scoring import Cutoff

REVIEW: Final = "review"
SETTLING: Final = "settling"
# A page's own transaction may have begun just before settling ended and commit a moment later; so may
# one that holds something or says that somebody left, just before a contest is decided.
_GRACE: Final = timedelta(seconds=5)
# Where somewhere in the company something is held or somebody comes all the time, it is decided all
# the same after so long.
_PATIENCE: Final = timedelta(hours=1)
# Someone may leave or withdraw while cases are open; beyond all that is noticed, look again anyway.
_LOOK_AGAIN: Final = timedelta(minutes=10)


async def settle(connection: Connection, contest_id: int, now: datetime) -> bool:
    """Settle a contest whose time for late deliveries is over, and decide it unless an open case
    could change who wins. Returns whether anything was recorded."""
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        if contest.happened("decided") or contest.happened("cancelled"):
            return False
        if not contest.happened("started"):
            return False  # nobody is placed yet
        settles_at = contest.moments.settles_at
        if now < settles_at + _GRACE or await _still_coming_in(connection, contest, now):
            return False
        seen_by = now - _GRACE
        if await _moved_since(connection, seen_by, now):
            if not await _never_quiet(connection, now):
                return False
            seen_by = now
        about = await _about(connection, contest)
        last = await looked(connection, contest_id, REVIEW)
        if last and last.waits_for and last.about == about and now < last.looked_at + _LOOK_AGAIN:
            return False
        settled = contest.happened("settled") is None
        if settled:
            await note(
                connection, contest, "settled", by=None, detail={"facts_by": settles_at}, now=now
            )
        counted = await count_out(
            connection, contest, facts_by=settles_at, holds_by=seen_by, at=seen_by
        )
        await _keep_final(connection, contest, counted)
        seed = await seed_of(connection, contest)
        cases = await cases_that_matter(connection, contest, counted, seed, facts_by=settles_at)
        await remember(connection, contest_id, REVIEW, about=about, waits_for=cases, now=now)
        if not cases:
            await _decide(connection, contest, counted, seed, seen_by, now)
    return settled or not cases


async def waits_for(connection: Connection, contest_id: int) -> tuple[int, ...]:
    """The open cases that keep a contest in review, as the clock found them last."""
    look = await looked(connection, contest_id, REVIEW)
    return look.waits_for if look else ()


async def seed_of(connection: Connection, contest: Contest) -> bytes:
    """The seed that the charter committed to."""
    seed: bytes = await connection.fetchval(
        "select seed from contest_seed where charter_sha256 = $1", contest.sha256
    )
    return seed


async def evidence_of(
    connection: Connection,
    contest: Contest,
    winners: Sequence[int],
    *,
    facts_by: datetime,
    holds_by: datetime,
) -> dict[int, str]:
    """The evidence file of each winner."""
    if not winners:
        return {}
    charter = contest.charter
    counted = await count(
        connection,
        charter,
        winners,
        cutoff=Cutoff(facts_by=facts_by, holds_by=holds_by),
        with_facts=True,
        only=modes(charter),
    )
    return {
        person: evidence_body(
            charter,
            contest.sha256 or "",
            person,
            {mode: values[person] for mode, values in counted.items()},
            facts_by=facts_by,
            holds_by=holds_by,
        )
        for person in winners
    }


async def _decide(
    connection: Connection,
    contest: Contest,
    counted: CountedOut,
    seed: bytes,
    seen_by: datetime,
    now: datetime,
) -> None:
    charter = contest.charter
    facts_by = contest.moments.settles_at
    outcome = decide(charter, counted.standings, seed)
    winners = sorted({win.person_id for win in outcome.wins})
    files = await evidence_of(connection, contest, winners, facts_by=facts_by, holds_by=seen_by)
    for person, body in files.items():
        await connection.execute(
            """insert into evidence (contest_id, person_id, body, sha256, recorded_at)
               values ($1, $2, $3, $4, $5)""",
            contest.id,
            person,
            body,
            digest(body),
            now,
        )
    body = decision_body(
        contest,
        counted,
        outcome,
        {person: digest(body) for person, body in files.items()},
        seed,
        facts_by=facts_by,
        seen_by=seen_by,
        decided_at=now,
    )
    await connection.execute(
        """insert into decision (contest_id, charter_id, body, sha256, recorded_at)
           values ($1, $2, $3, $4, $5)""",
        contest.id,
        contest.charter_id,
        body,
        digest(body),
        now,
    )
    await _give(connection, contest, outcome.wins, now)
    detail = {"sha256": digest(body), "winners": len(winners), "entrants": len(counted.people)}
    await note(connection, contest, "decided", by=None, detail=detail, now=now)
    await emit(
        connection,
        "contest.decided",
        {"contest_id": contest.id, "slug": contest.slug, "decision_sha256": digest(body)},
        now,
    )
    if not charter.tell_privately:
        await notify_many(
            connection,
            sorted(counted.people),
            "contest_decided",
            {"contest": charter.name, "slug": contest.slug},
            key=f"contest_decided:{contest.charter_id}",
            now=now,
        )


async def _give(
    connection: Connection, contest: Contest, wins: Sequence[Win], now: datetime
) -> None:
    """Propose the awards, and release what nobody won."""
    charter = contest.charter
    held = {one.budget_id: one for one in await reservations(connection, contest.id) if one.left}
    await propose(
        connection,
        contest_id=contest.id,
        charter=charter,
        wins=wins,
        reservations={budget: one.id for budget, one in held.items()},
        now=now,
    )
    needed = needs(contest, wins)
    for budget, one in sorted(held.items()):
        rest = one.left - needed.get(budget, 0)
        if rest:
            await release(
                connection,
                one.id,
                rest,
                by=None,
                key=f"decided:{contest.id}:{one.id}",
                reason=f"nobody won this in “{charter.name}”",
                now=now,
            )


def needs(contest: Contest, wins: Sequence[Win]) -> dict[int, int]:
    """Units of each budget that these awards may cost, each choice as if both were chosen."""
    prizes = {prize.number: prize for prize in contest.charter.prizes}
    needed: dict[int, int] = {}
    for win in wins:
        prize = prizes[win.prize]
        for budget, amount in zip(prize.budgets, prize.amounts, strict=True):
            units = win.amount.units if win.amount and len(prize.amounts) == 1 else amount.units
            needed[budget] = needed.get(budget, 0) + units
    return needed


async def _keep_final(connection: Connection, contest: Contest, counted: CountedOut) -> None:
    """The live standing says what was counted out, so that nobody sees another figure."""
    for mode in modes(contest.charter):
        await keep(connection, contest.id, mode, counted.people, counted.values[mode])
    await connection.execute("delete from tally_due where contest_id = $1", contest.id)


async def _still_coming_in(connection: Connection, contest: Contest, now: datetime) -> bool:
    """Whether something that came in time is not stored yet, so that it could not be counted.

    First the deliveries are waited for, then what they left to the workers: a deed whose target no
    network named counts once a worker has completed it. What is noted after that came too late, so
    the wait has an end however much comes in; what fails is set aside by the workers themselves.
    """
    waiting: bool = await connection.fetchval(
        """select exists (select from pending_delivery p join delivery d
             on d.recorded_on = p.recorded_on and d.id = p.delivery_id
             where d.received_at < $1)""",
        contest.moments.settles_at,
    )
    if waiting:
        return True
    look = await looked(connection, contest.id, SETTLING)
    if look is None:
        last = await connection.fetchval("select coalesce(max(id), 0) from change")
        await remember(connection, contest.id, SETTLING, about=str(last), now=now)
    else:
        last = int(look.about)
    unfinished: bool = await connection.fetchval(
        """select exists (select from change
             where id <= $1 and subject in ('engagement', 'native', 'post'))""",
        last,
    )
    return unfinished


async def _moved_since(connection: Connection, moment: datetime, now: datetime) -> bool:
    """Whether something was held or released, or somebody came or left, so lately that more of it may
    be under way."""
    # The newest rows by id: what was written last was recorded last, or nearly so.
    lately: bool = await connection.fetchval(
        """select exists (
             select from ((select recorded_at from hold order by id desc limit 100)
                          union all
                          (select recorded_at from enrolment order by id desc limit 100)) moved
             where recorded_at between $1 and $2)""",
        moment,
        now,
    )
    return lately


async def _never_quiet(connection: Connection, now: datetime) -> bool:
    """Whether such a thing followed upon the other for so long that waiting for a pause is no use."""
    longest: timedelta = await connection.fetchval(
        """select max(pause) from (
             select at - lag(at, 1, $1) over (order by at) as pause from (
               select recorded_at as at from hold where recorded_at between $1 and $2
               union all
               select recorded_at from enrolment where recorded_at between $1 and $2
               union all select $2) moved) pauses""",
        now - _PATIENCE,
        now,
    )
    return longest < _GRACE


async def _about(connection: Connection, contest: Contest) -> str:
    """Everything that may change the outcome while cases are open, as one word."""
    row = await connection.fetchrow(
        """select (select max(id) from case_file) as cases, (select max(id) from hold) as holds,
             (select max(id) from case_decision) as decided,
             (select max(id) from enrolment) as enrolled,
             (select max(id) from entrance where contest_id = $1) as entered""",
        contest.id,
    )
    return ":".join(str(value or 0) for value in row)
