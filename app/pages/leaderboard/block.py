"""`/board/{board}`: the rows everybody sees alike, for the page that is already open.

Law: no session, no form token, and in the common case neither Redis nor PostgreSQL is asked; what
has not changed is answered with 304.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.enums import MediaType
from litestar.params import FromPath

from app.pages.leaderboard.blocks import Block, Blocks
from app.pages.leaderboard.reader import HEADER, may_read
from app.pages.leaderboard.selection import TEAMS, read_rows
from scoring import BoardKey, UnknownBoard, keep_seasons


@get("/board/{board:str}", name="board", include_in_schema=False)
async def board_block(request: Request[Any, Any, Any], board: FromPath[str]) -> Response[bytes]:
    """Answer with a board's rows, or with 304 if the asker has them."""
    state = request.app.state
    key = request.headers.get(HEADER, "")
    if not may_read(state.settings.require_secret_key(), key, datetime.now(UTC)):
        # A page that stayed open for days: loading it again asks for the session.
        return _answer(b"", 401, {"HX-Refresh": "true"})
    rows = read_rows(request.query_params.get("rows", ""))
    try:
        block = await _block(state, board, rows)
    except UnknownBoard:
        return _answer(b"", 404, {})
    headers = {"ETag": block.etag, "Cache-Control": "private, no-cache", "Vary": HEADER}
    if block.etag in request.headers.get("if-none-match", ""):
        return _answer(b"", 304, headers)
    return _answer(block.body, 200, headers)


async def _block(state: Any, text: str, rows: int) -> Block:
    blocks: Blocks = state.blocks
    *_, audience = text.rpartition(":")
    board = BoardKey.parse(text.removesuffix(audience) + "all" if audience in TEAMS else text)
    if not board.is_known:
        async with state.pool.acquire() as connection:
            await keep_seasons(connection)  # one may have been set since this process looked
        if not board.is_known:
            raise UnknownBoard(f"no season starts on {board.starts_on}")
    if audience in TEAMS:
        found, _ = await blocks.team_block(board, TEAMS[audience])
        return found
    return await blocks.block(board, rows)


def _answer(body: bytes, status: int, headers: dict[str, str]) -> Response[bytes]:
    headers = {"X-Content-Type-Options": "nosniff", **headers}
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers)


# Not among the pages' HANDLERS: it passes no session.
BLOCK_HANDLERS: Final = (board_block,)
