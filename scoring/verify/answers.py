"""Who answered whom on which day, against the facts of the people just counted."""

from __future__ import annotations

from scoring.connection import Connection
from scoring.verify.difference import AnswersDiffer
from scoring.verify.points import text


async def compare_answers(connection: Connection) -> list[AnswersDiffer]:
    """What differs for the people whom `points.count` counted last in this transaction."""
    rows = await connection.fetch(text("answered_days.sql"))
    return [AnswersDiffer(*row) for row in rows]
