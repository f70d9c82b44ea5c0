"""Who is next in line for an award that was declined.

Law: only once, and only where the charter says so: a passed-on award that is declined too is void. The
next is who would have won, had nobody taken part who holds an award for the same; they get the same,
proposed anew, so that people approve it anew.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from rewards.awards.award import AwardView
from rewards.awards.proposing import propose_one
from rewards.connection import Connection
from rewards.contests.amenders import everyone_behind
from rewards.contests.charter import Charter, Prize
from rewards.contests.decide import Win, decide
from rewards.contests.eligibility import not_eligible
from rewards.contests.outcome import CountedOut, count_out
from rewards.contests.record import read

# Everybody who was ever given an award for the same prize, or for a place of the same ladder.
_HAVE: Final = """
select person_id from award where contest_id = $1 and bracket is not distinct from $2
  and case when $3::bool then place is not null and prize = any($4::int[]) else prize = $5 end
"""


async def pass_on(connection: Connection, view: AwardView, now: datetime) -> int | None:
    """Propose a declined award to the next in line; their award's id, None where nobody is.

    The caller holds the contest's lock. What a team won is not passed on: its share is the team's.
    """
    if not view.terms.pass_on or view.passed_from is not None or view.team is not None:
        return None
    decision = await connection.fetchval(
        "select body from decision where contest_id = $1", view.contest_id
    )
    if decision is None:
        return None
    made = msgspec.json.decode(decision)
    facts_by, seen_by = (datetime.fromisoformat(made[name]) for name in ("facts_by", "holds_by"))
    contest = await read(connection, view.contest_id)
    charter = contest.charter
    prize = next(one for one in charter.prizes if one.number == view.prize)
    counted = await count_out(connection, contest, facts_by=facts_by, holds_by=seen_by, at=seen_by)
    ladder = [
        one.number
        for one in charter.prizes
        if one.first_place is not None and (one.mode, one.among) == (prize.mode, prize.among)
    ]
    rows = await connection.fetch(
        _HAVE, view.contest_id, view.bracket, view.place is not None, ladder, view.prize
    )
    everybody = sorted(counted.people)
    have = await everyone_behind(connection, (row["person_id"] for row in rows))
    out = have | set(await not_eligible(connection, charter, everybody, now))
    heir = next_in_line(charter, prize, counted, bytes.fromhex(made["seed"]), view.bracket, out)
    if heir is None:
        return None
    win = replace(heir, prize=view.prize, place=view.place, bracket=view.bracket)
    return await propose_one(
        connection, view.contest_id, charter, prize, win, view.options, now=now, passed_from=view.id
    )


def next_in_line(
    charter: Charter,
    prize: Prize,
    counted: CountedOut,
    seed: bytes,
    bracket: int | None,
    out: Collection[int],
) -> Win | None:
    """Who would win one such prize, were nobody of `out` able to. Pure."""
    place = None if prize.first_place is None else 1
    one = msgspec.structs.replace(
        prize,
        first_place=place,
        last_place=place,
        at_most=None if prize.at_most is None else 1,
    )
    # One gets it whole: nothing is pooled.
    breakers = tuple(breaker for breaker in charter.breakers if breaker != "pool")
    alone = msgspec.structs.replace(charter, prizes=(one,), breakers=breakers)
    standings = {
        mode: [
            replace(contender, eligible=contender.eligible and contender.person_id not in out)
            for contender in standing
        ]
        for mode, standing in counted.standings.items()
    }
    wins = decide(alone, standings, seed).wins
    return next((win for win in wins if win.bracket == bracket), None)
