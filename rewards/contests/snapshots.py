"""Contests that count followers: telling an entrant at once that a count is missing.

Law: a count is taken within a day of the start and of the end, or the entrant does not place; they
hear of it as soon as that day is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from rewards.connection import Connection
from rewards.contests.counting import Mode, networks, terms
from rewards.contests.entrants import entered
from rewards.contests.looking import looked, remember
from rewards.contests.record import Contest, lock
from rewards.notices import notify_many
from scoring import Cutoff, contest_metrics, tally

WITHIN: Final = timedelta(hours=24)


def counts_followers(contest: Contest) -> bool:
    """Whether the contest is decided by follower counts."""
    side = contest_metrics()[contest.charter.metric].contest
    return side is not None and not side.has_moments


async def tell_who_has_no_snapshot(connection: Connection, contest_id: int, now: datetime) -> bool:
    """Tell entrants without a count at the start, or at the end, each once.

    Returns False: no standing changes by it.
    """
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        charter = contest.charter
        for which, moment in (("start", charter.start_at), ("end", charter.end_at)):
            what = f"snapshot_at_{which}"
            if now < moment + WITHIN or await looked(connection, contest_id, what) is not None:
                continue
            missing = await _missing(connection, contest, which)
            await notify_many(
                connection,
                missing,
                "contest_no_snapshot",
                {"contest": charter.name, "slug": contest.slug, "on": which},
                key=f"contest_no_snapshot:{contest.charter_id}:{which}",
                now=now,
            )
            await remember(connection, contest_id, what, about=moment.isoformat(), now=now)
    return False


async def _missing(connection: Connection, contest: Contest, which: str) -> list[int]:
    charter = contest.charter
    mode: Mode = "prize" if networks(charter, "prize") else "recognition"
    people = await entered(connection, contest.id)
    # Up to the end's own day; what settling still brings is asked when it is decided.
    cutoff = Cutoff(facts_by=charter.end_at + WITHIN) if which == "end" else Cutoff()
    counted = await tally(connection, terms(charter, mode), people, cutoff=cutoff)
    wanted = {"start": {"no_snapshot_at_start", "no_account"}, "end": {"no_snapshot_at_end"}}
    return [person for person in people if counted[person].missing in wanted[which]]
