"""What winners had: the figures beside their names.

Law: a person's is that of their evidence file, which nothing changes; a team's that of the standing
as it was counted out.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from rewards.connection import Connection
from rewards.contests.counting import MODES, Mode, kept_as
from rewards.contests.record import read
from rewards.contests.standings import top

_MOST_TEAMS = 10_000  # more than any company has


class _Standing(msgspec.Struct):
    value: int


class _File(msgspec.Struct):
    """Of an evidence file only the values; its facts are skipped."""

    standings: dict[Mode, _Standing]


async def winning_values(
    connection: Connection, contest_id: int, people: Iterable[int]
) -> tuple[dict[tuple[Mode, int], int], dict[tuple[Mode, str], int]]:
    """The final values in the metric's unit by standing, of these winners and of each ranked team (the
    average of its members, cut to whole units). Both modes answer where one standing serves both.

    An evidence file holds every fact that counted, so ask for nobody whose value is not shown.
    """
    contest = await read(connection, contest_id)
    charter = contest.charter
    values: dict[tuple[Mode, int], int] = {}
    for row in await connection.fetch(
        "select person_id, body from evidence where contest_id = $1 and person_id = any($2::bigint[])",
        contest_id,
        list(people),
    ):
        standings = msgspec.json.decode(row["body"], type=_File).standings
        for mode in MODES:
            if standing := standings.get(kept_as(charter, mode)):
                values[mode, row["person_id"]] = standing.value
    teams: dict[tuple[Mode, str], int] = {}
    if charter.who != "people":
        for mode in MODES:
            for row in await top(
                connection, contest, mode=mode, bracket=None, limit=_MOST_TEAMS, table="tally"
            ):
                if row.team is not None:
                    teams[mode, row.team] = row.value
    return values, teams
