"""A file of figures is taken exactly as its dry run showed.

Law: once, and nothing that the dry run did not show.
"""

from __future__ import annotations

from datetime import datetime

from scoring.audit import record_audit
from scoring.by_hand.delivered import MOST_FIGURES, SaidFigure
from scoring.by_hand.dry_run import file_lines
from scoring.by_hand.files import FigureFile, FileRefused
from scoring.by_hand.taking import deliver_planned, taken
from scoring.connection import Connection


async def apply_file(
    connection: Connection, file: FigureFile, *, lower: bool, by: int, now: datetime
) -> int | None:
    """Take what the dry run showed, in the caller's transaction; how many figures, None where it was
    taken before. `lower`: also figures that take points back."""
    row = await connection.fetchrow(
        "select looked_at, applied_at from figure_file where id = $1 for update", file.id
    )
    if row is None or row["looked_at"] is None:
        raise FileRefused("Look first at what the file would do.")
    if row["looked_at"] != file.looked_at:
        raise FileRefused("The file was looked into anew meanwhile. Look at what it would do now.")
    if row["applied_at"] is not None:
        return None
    count, after = 0, 0
    figures: list[SaidFigure] = []
    while lines := await file_lines(connection, file.id, after=after, limit=2_000):
        after = lines[-1].line
        figures += [figure for line in lines for figure in taken(line, lower=lower)]
        while len(figures) >= MOST_FIGURES:
            count += await deliver_planned(connection, file.platform, figures[:MOST_FIGURES], now)
            del figures[:MOST_FIGURES]
    count += await deliver_planned(connection, file.platform, figures, now)
    await connection.execute("update figure_file set applied_at = $2 where id = $1", file.id, now)
    detail = {"network": file.platform, "sha256": file.sha256, "figures": count, "lower": lower}
    await record_audit(connection, by, "figures_imported", f"figure_file:{file.id}", detail, now)
    return count
