"""What of planned rows is taken, and put before the workers.

Law: what holds already is not taken again, and whoever takes is told how much was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from scoring.by_hand.delivered import SaidFigure, cut, deliver
from scoring.by_hand.held import said_anew
from scoring.by_hand.planned import PlannedLine
from scoring.connection import Connection
from scoring.facts import Kind


def taken(line: PlannedLine, *, lower: bool) -> list[SaidFigure]:
    """The figures of a row that are taken; `lower`: also those that take back."""
    if line.native_id is None or line.observed_at is None:
        return []
    wanted = ("new", "lower") if lower else ("new",)
    return [
        SaidFigure(line.native_id, Kind(kind), value, line.observed_at)
        for kind, (value, _, verdict) in line.figures.items()
        if verdict in wanted
    ]


async def deliver_planned(
    connection: Connection, network: str, figures: Sequence[SaidFigure], now: datetime
) -> int:
    """Put figures before the workers, but those that hold already; how many they were."""
    count = 0
    for said in cut(await said_anew(connection, network, figures)):
        if await deliver(connection, network, "import", said, now):
            count += len(said.figures)
    return count
