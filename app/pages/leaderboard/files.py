"""`/board.csv` and `/board.json`: a board as a file, for who would rather reckon with it.

Laws: the same filters as the page, and nothing in it that this viewer would not see there: the upper
half, what people opened, one's own row; where only teams may be shown, teams. The same board is the same
file, so who has it is answered with 304.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec.json
from litestar import Request, Response, get

from app.auth.guards import signed_in
from app.council import Whose, may_show
from app.pages.download import download
from app.pages.faces import own_face
from app.pages.leaderboard.beneath import beneath, neighbours
from app.pages.leaderboard.blocks import Block, etag
from app.pages.leaderboard.kindness import LEAST_TEAMS, listed, upper_half
from app.pages.leaderboard.look import Look
from app.pages.leaderboard.rows import TableRow
from app.pages.leaderboard.selection import LONGEST
from app.pages.leaderboard.teams import TeamRow
from rewards import table
from scoring import BoardKey, metrics

HEADING: Final = ("rank", "name", "place", "value", "today", "places_up", "networks", "you")
TEAM_HEADING: Final = ("rank", "name", "members", "mean", "you")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A board's rows as a file has them, with the names of the columns."""

    board: BoardKey
    teams: bool
    size: int
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@get("/board.csv", guards=[signed_in], name="board_csv")
async def board_csv(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The board as a spreadsheet opens it."""
    sheet = await _sheet(Look(request))
    rows: list[Sequence[str]] = [sheet.columns]
    rows += [["" if cell is None else _text(cell) for cell in row] for row in sheet.rows]
    # A byte order mark, without which spreadsheets take UTF-8 for something else.
    body = table(rows).encode("utf-8-sig")
    return _answer(request, f"{_name(sheet)}.csv", body, "text/csv")


@get("/board.json", guards=[signed_in], name="board_json")
async def board_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The board as programs read it."""
    sheet = await _sheet(Look(request))
    counted = metrics()[sheet.board.metric]
    told = {
        "metric": sheet.board.metric,
        "counts": counted.hint,
        "unit": counted.unit_many,
        "period": sheet.board.period,
        "starts_on": sheet.board.starts_on,
        "audience": "teams" if sheet.teams else sheet.board.audience,
        "ranked": sheet.size,
        "rows": [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows],
    }
    body = msgspec.json.format(msgspec.json.encode(told), indent=1)
    return _answer(request, f"{_name(sheet)}.json", body, "application/json")


async def _sheet(look: Look) -> Sheet:
    council = await look.obey()
    chosen = look.selection
    board = look.key(chosen)
    if chosen.teams is not None:
        block, rows = await look.blocks.team_block(board, chosen.teams)
        shown = rows[: max(LEAST_TEAMS, upper_half(len(rows)))]
        own = await look.own_team(chosen.teams)
        shown += [row for row in rows[len(shown) :] if row.id == own]
        made = [_team(row, row.id == own) for row in shown]
        return Sheet(board, True, block.size, TEAM_HEADING, made)
    assert may_show(council, Whose.COLLEAGUE), "else teams are chosen"
    me = look.viewer.person_id
    size = (await look.boards.view(board, limit=0, now=look.now)).size
    view = await look.boards.view(
        board, limit=LONGEST, person_id=me, neighbours=neighbours(size), now=look.now
    )
    top = view.top[: listed(view.size, LONGEST)]
    async with look.pool.acquire() as connection:
        face = await own_face(connection, me, now=look.now, secret=look.secret)
        first = await look.blocks.rows(connection, board, top, look.now)
        below = await beneath(
            connection, look.boards, board, Block("", b"", view.size, top, view.version), view,
            face, chosen, now=look.now, zone=look.zone, secret=look.secret,
        )  # fmt: skip
    # Among very few there is no ranking, and only the own row is one's to take.
    rest = [row for part in below.parts for row in part.rows if row.you or top]
    key = face.key if face else ""
    return Sheet(
        board, False, view.size, HEADING,
        [_person(row, row.you or row.key == key) for row in (*first, *rest)],
    )  # fmt: skip


def _person(row: TableRow, you: bool) -> tuple[object, ...]:
    return (
        row.rank, row.name, row.place, row.value, row.today, row.rose,
        ", ".join(row.networks) or None, you,
    )  # fmt: skip


def _team(row: TeamRow, you: bool) -> tuple[object, ...]:
    return row.rank, row.name, row.members, round(row.mean, 1), you


def _text(cell: object) -> str:
    return ("yes" if cell else "no") if isinstance(cell, bool) else str(cell)


def _name(sheet: Sheet) -> str:
    return f"board-{sheet.board.metric}-{sheet.board.period}-{sheet.board.starts_on}"


def _answer(
    request: Request[Any, Any, Any], name: str, body: bytes, media_type: str
) -> Response[bytes]:
    tag = etag(body)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    answer = download(name, body, media_type)
    answer.headers.update(headers)
    return answer


HANDLERS: Final = [board_csv, board_json]
