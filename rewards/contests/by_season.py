"""Contests that count by seasons: while one is published, the calendar of seasons stands still.

Law: rules do not move under a running contest; a rule that counts over a season is only as fixed as the
season.
"""

from __future__ import annotations

import tomllib

from rewards.connection import Connection
from rewards.contests.record import undecided


async def counted_by_season(connection: Connection) -> list[str]:
    """The names of contests that are published, not decided, and have a rule that counts over a season."""
    return [
        contest.charter.name
        for contest in await undecided(connection)
        if contest.happened("decided") is None and _by_season(contest.charter.rulebook)
    ]


def _by_season(rulebook: str | None) -> bool:
    rules = tomllib.loads(rulebook).get("rule", []) if rulebook else []
    return any(rule.get("per") == "season" for rule in rules)
