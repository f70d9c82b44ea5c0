"""The rows of a board that everybody sees alike, rendered once a version and kept in the process.

Law: bytes are never older than a tenth of a second behind the board, and of any number of people who
ask at once, one causes the work.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final
from zoneinfo import ZoneInfo

import asyncpg
from jinja2 import Environment

from app.council import KeptCouncil, Whose, may_show
from app.pages.faces import faces, keyed
from app.pages.leaderboard.kindness import LEAST_TEAMS, OPENS_WITH, listed, upper_half
from app.pages.leaderboard.rows import TableRow, extras, table_row
from app.pages.leaderboard.teams import TeamRow
from scoring import BoardKey, BoardRow, Boards, company_zone

# Browsers ask 0.15 s after a signal at the earliest, so what they get is never the version before.
CHECKED_S: Final = 0.1
# Arrows and today's gains change at midnight without a new version, networks when one is linked.
RENDERED_S: Final = 20.0
MOST: Final = 400  # blocks kept: a company's audiences times its periods, about 8 kB each


@dataclass(frozen=True, slots=True)
class Block:
    """Rendered rows, with what a page needs to know about them."""

    etag: str
    body: bytes
    size: int  # people ranked on the board
    rows: tuple[BoardRow, ...]
    version: int  # the board's when the rows were read, 0 where it has none


@dataclass(frozen=True, slots=True)
class _Kept:
    block: Block
    version: int
    made_at: float
    checked_at: float


NOBODY: Final = Block('"b-nobody"', b"", 0, (), 0)  # where only teams are shown


class Blocks:
    """All blocks of this process."""

    def __init__(
        self,
        boards: Boards,
        pool: asyncpg.Pool[Any],
        environment: Environment,
        setting: ZoneInfo,
        secret: str,
        council: KeptCouncil,
    ) -> None:
        self._boards = boards
        self._council = council
        self._pool = pool
        self._template = environment.get_template("leaderboard/page.html")
        self._setting = setting
        self._secret = secret
        self._kept: OrderedDict[tuple[BoardKey, int], _Kept] = OrderedDict()
        self._work: dict[tuple[BoardKey, int], asyncio.Task[Block]] = {}

    async def block(self, board: BoardKey, wanted: int = 0) -> Block:
        """The rows of a board, as many as were wanted (0: as many as a page opens with)."""
        if not may_show(await self._council.now(), Whose.COLLEAGUE):
            return NOBODY
        which = (board, wanted)
        kept = self._kept.get(which)
        if kept is not None and time.monotonic() - kept.checked_at < CHECKED_S:
            return kept.block
        task = self._work.get(which)
        if task is None:
            task = self._work[which] = asyncio.create_task(self._renewed(which, kept))
            task.add_done_callback(lambda _: self._work.pop(which, None))
        # Whoever goes away does not take the work of the others along.
        return await asyncio.shield(task)

    async def _renewed(self, which: tuple[BoardKey, int], kept: _Kept | None) -> Block:
        board, wanted = which
        checked_at = time.monotonic()
        if kept is not None and checked_at - kept.made_at < RENDERED_S:
            version = (await self._boards.versions([board]))[board]
            if version and version == kept.version:
                self._keep(which, replace(kept, checked_at=checked_at))
                return kept.block
        view = await self._boards.view(board, limit=wanted or OPENS_WITH)
        rows = view.top[: listed(view.size, wanted)]
        body = await self._rendered(board, rows)
        block = Block(etag(body), body, view.size, rows, view.version)
        self._keep(which, _Kept(block, view.version, checked_at, checked_at))
        return block

    async def _rendered(self, board: BoardKey, rows: Sequence[BoardRow]) -> bytes:
        async with self._pool.acquire() as connection:
            table = await self.rows(connection, board, rows, datetime.now(UTC))
        return self.render(table, teams=False)

    async def rows(
        self, connection: Any, board: BoardKey, rows: Sequence[BoardRow], now: datetime
    ) -> list[TableRow]:
        """Rows as everybody may see them; who is shown to nobody is left out."""
        people = [row.person_id for row in rows]
        known = await faces(connection, people, now=now, secret=self._secret)
        more = await extras(
            connection, board, list(known.values()), now, company_zone(self._setting)
        )
        return [
            table_row(row, known[row.person_id], more) for row in rows if row.person_id in known
        ]

    def render(self, table: Sequence[object], *, teams: bool) -> bytes:
        """Rows through the named block of the leaderboard's own template."""
        context = self._template.new_context({"table": table, "teams": teams})
        return "".join(self._template.blocks["board_rows"](context)).encode()

    async def team_block(self, board: BoardKey, kind: Any) -> tuple[Block, list[TeamRow]]:
        """The teams that everybody sees: the upper half, by mean; and all of them for a page."""
        least = (await self._council.now()).least_size
        found = await self._boards.teams(board.metric, board.period, board.starts_on, kind, least)
        rows = [TeamRow.of(team, keyed(self._secret, f"{kind}|{team.id}")) for team in found]
        body = self.render(rows[: max(LEAST_TEAMS, upper_half(len(rows)))], teams=True)
        return Block(etag(body), body, len(rows), (), 0), rows

    def _keep(self, which: tuple[BoardKey, int], kept: _Kept) -> None:
        self._kept[which] = kept
        self._kept.move_to_end(which)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


def etag(body: bytes) -> str:
    """Names the content: the same rows after two changes are the same block."""
    return f'"b{blake2b(body, digest_size=9).hexdigest()}"'
