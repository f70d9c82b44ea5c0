"""Why an entrant of a contest that counts followers cannot be placed, for the entrant alone."""

from __future__ import annotations

from datetime import datetime

from rewards.connection import Connection
from rewards.contests.counting import Mode, networks, terms
from rewards.contests.record import read
from rewards.contests.snapshots import WITHIN, counts_followers
from scoring import Cutoff, tally


async def missing_count(
    connection: Connection, contest_id: int, person_id: int, *, now: datetime
) -> str | None:
    """`no_snapshot_at_start`, `no_snapshot_at_end` or `no_account`; None where nothing is missing,
    or while a count may still come in."""
    contest = await read(connection, contest_id)
    charter = contest.charter
    if not counts_followers(contest) or now < charter.start_at + WITHIN:
        return None
    mode: Mode = "prize" if networks(charter, "prize") else "recognition"
    counted = await tally(connection, terms(charter, mode), [person_id], cutoff=Cutoff())
    why = counted[person_id].missing
    return None if why == "no_snapshot_at_end" and now < charter.end_at + WITHIN else why
