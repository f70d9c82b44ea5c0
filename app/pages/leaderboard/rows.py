"""Rows of a board as templates get them: what this viewer may see and nothing else.

Law: a person's losses, networks, mix and daily gain are in a row only if that person opened them, or
if the row is for that person alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from app.pages.faces import Face
from scoring import BoardKey, BoardRow, Mix, Period, bounds, mix, starts_on


@dataclass(frozen=True, slots=True)
class MixWords:
    """Where points came from: whole percentages that add up to 100, and the numbers as text."""

    shares: tuple[int, int, int]
    words: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row. `rose` and `fell` are places since the last midnight, None where not shown."""

    key: str
    rank: int
    rose: int | None
    fell: int | None
    name: str
    tint: int
    place: str | None
    networks: tuple[str, ...]
    mix: MixWords | None
    today: int | None
    value: int
    you: bool = False
    found: bool = False

    @property
    def details(self) -> bool:
        """Whether a tap would show more than name, rank and points."""
        return bool(self.networks or self.mix or self.today or self.rose)


@dataclass(frozen=True, slots=True)
class Extras:
    """What stands in a row beside rank and points, for those who may be shown with it."""

    today: Mapping[int, int]
    mixes: Mapping[int, Mix]


async def extras(
    connection: Any, board: BoardKey, known: Sequence[Face], now: datetime, zone: tzinfo
) -> Extras:
    """Today's gains and mixes of those who opened them."""
    gains = [face.person_id for face in known if face.opens_gain]
    mixed = [face.person_id for face in known if face.opens_mix]
    today: dict[int, int] = {}
    if gains and board.period is not Period.DAY:
        rows = await connection.fetch(
            """select person_id, value from total where metric = $1 and period = 'day'
               and starts_on = $2 and person_id = any($3::bigint[])""",
            board.metric,
            starts_on(Period.DAY, now, zone),
            gains,
        )
        today = {row["person_id"]: row["value"] for row in rows}
    if not mixed or board.metric != "points":
        return Extras(today, {})
    start_at, end_at = bounds(board.period, board.starts_on, zone)
    return Extras(today, await mix(connection, mixed, start_at=start_at, end_at=end_at))


def table_row(
    row: BoardRow, face: Face, more: Extras, *, you: bool = False, found: bool = False
) -> TableRow:
    """One row as others see it, or with `you` as the person does."""
    moved = row.movement or 0
    return TableRow(
        key=face.key,
        rank=row.rank,
        rose=moved if moved > 0 else None,
        fell=-moved if you and moved < 0 else None,
        name=face.name,
        tint=face.tint,
        place=face.place,
        networks=face.networks,
        mix=mix_words(more.mixes.get(row.person_id)) if face.opens_mix else None,
        today=more.today.get(row.person_id) if face.opens_gain else None,
        value=row.value,
        you=you,
        found=found,
    )


def mix_words(mix: Mix | None) -> MixWords | None:
    """A mix as percentages and text; None where there is nothing to divide."""
    if mix is None:
        return None
    parts = (max(0, mix.responses), max(0, mix.shared), max(0, mix.reshared))
    whole = sum(parts)
    if whole == 0:
        return None
    first = round(parts[0] * 100 / whole)
    second = round((parts[0] + parts[1]) * 100 / whole) - first
    return MixWords(
        shares=(first, second, 100 - first - second),
        words=(
            f"{parts[0]:,} from responses, {parts[1]:,} from company stories shared, "
            f"{parts[2]:,} from the company sharing yours"
        ),
    )
