"""One person's look at a board: everything the page says, put together for this answer.

Law: the rows everybody sees come from the shared block; what only this viewer may see is kept nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request
from markupsafe import Markup

from app.auth.guards import viewer_of
from app.auth.viewer import Viewer
from app.council import Council, Whose, current_council, may_show
from app.pages import headline
from app.pages.contests.running import RunningContests
from app.pages.faces import own_face
from app.pages.heard import HeardLately
from app.pages.leaderboard import choices
from app.pages.leaderboard.beneath import beneath, neighbours
from app.pages.leaderboard.blocks import Block, Blocks
from app.pages.leaderboard.empty import next_steps, why_empty
from app.pages.leaderboard.kindness import LEAST_RANKED, LEAST_TEAMS, Part, upper_half
from app.pages.leaderboard.own import own_line
from app.pages.leaderboard.reader import reader_key
from app.pages.leaderboard.selection import EVERYONE, STEP, Selection
from app.pages.live import event_stream, spread_ms
from app.pages.wall import shown_wall
from scoring import BoardKey, Boards, Period, keep_seasons, metrics, preceding, starts_on

WALL: Final = 4  # reshares beside the board


class Look:
    """One person's look at a board."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        state = request.app.state
        self.request = request
        self.viewer: Viewer = viewer_of(request)
        self.zone: ZoneInfo = state.settings.timezone
        self.secret: str = state.settings.require_secret_key()
        self.now = datetime.now(UTC)
        self.today = starts_on(Period.DAY, self.now, self.zone)
        self.selection = Selection.of(request.query_params, self.now, self.zone)
        self.pool = state.pool
        self.boards: Boards = state.boards
        self.blocks: Blocks = state.blocks
        self.contests: RunningContests = state.running_contests
        self.heard: HeardLately = state.heard

    async def wall(self) -> dict[str, Any]:
        """What the company reshared lately."""
        async with self.pool.acquire() as connection:
            shown = await shown_wall(connection, limit=WALL, now=self.now, secret=self.secret)
        return {"wall": shown, "now": self.now, "spread_ms": spread_ms(), "asked": "wall"}

    async def running(self) -> dict[str, Any]:
        """The contests that run, which everybody sees alike."""
        shown = await self.contests.shown(self.pool, self.now)
        return {"running": shown, "now": self.now, "asked": "running"}

    async def obey(self) -> Council:
        """Look at teams where people may not be shown; what is agreed."""
        async with self.pool.acquire() as connection:
            council = await current_council(connection)
            await keep_seasons(connection)
            self.selection = Selection.of(self.request.query_params, self.now, self.zone)
        if not may_show(council, Whose.COLLEAGUE):
            self.selection = self.selection.of_teams
        return council

    async def board(self) -> dict[str, Any]:
        """Everything the page says."""
        council = await self.obey()
        people_shown = may_show(council, Whose.COLLEAGUE)
        chosen = self.selection
        running = self.key(chosen)
        board, block = running, await self._block(running, chosen)
        ended = await self._last_result(running, block)
        if ended is not None:
            board, block = ended
            chosen = replace(chosen, on=board.starts_on)
        view = await self.boards.view(
            board,
            limit=LEAST_RANKED,
            person_id=self.viewer.person_id,
            neighbours=neighbours(block.size),
            now=self.now,
        )
        async with self.pool.acquire() as connection:
            face = await own_face(
                connection, self.viewer.person_id, now=self.now, secret=self.secret
            )
            own = await own_line(
                connection, self.viewer, face, view.own, board, self.selection,
                now=self.now, zone=self.zone, people_shown=people_shown,
            )  # fmt: skip
            groups = await choices.audiences(
                connection, chosen, people=people_shown, begins_on=board.starts_on,
                viewer=self.viewer.person_id, zone=self.zone,
            )  # fmt: skip
            least = LEAST_RANKED if people_shown and chosen.teams is None else 1
            small = block.size < least and (chosen.teams is None or not people_shown)
            below = None
            if chosen.teams is None and not small:
                below = await beneath(
                    connection, self.boards, board, block, view, face, chosen,
                    now=self.now, zone=self.zone, secret=self.secret,
                )  # fmt: skip
        shared, mine = block.body, below.parts if below else []
        if chosen.teams is not None:
            shared, mine = await self._teams(board, chosen)
        shared = marked(shared, own.key, below.found if below else frozenset())
        return {
            **await self.wall(),
            **await self.running(),
            "own": own,
            "mine": mine,
            "shared": Markup(shared.decode()),
            "found_words": self._nobody_found(bool(below and below.found)),
            "board": {
                **self._choices(groups),
                **self._renewing(running, board, block, chosen),
                "title": headline.title(board.period, board.starts_on, self.today),
                "size": block.size,
                "ambassadors": "ambassador" if block.size == 1 else "ambassadors",
                "hint": hint(board),
                "metric": metrics()[board.metric],
                "value_word": metrics()[board.metric].unit_many.capitalize(),
                "teams": chosen.teams is not None,
                "mixed": board.metric == "points" and chosen.teams is None,
                "more_href": self._more_href(block),
                "heard": await self.heard.sentence(board.metric, self.now),
                "as_of": f"{self.now.astimezone(self.zone):%H:%M}",
                "small": small,
                "empty": why_empty(board, chosen, self.today, council) if small else "",
                "steps": next_steps(self.viewer) if small else [],
                # In a department the others would be one or two people everybody knows.
                "total": sum(row.value for row in view.top)
                if board.audience == EVERYONE and people_shown
                else None,
                "note": self._note(board, running),
            },
        }

    def _choices(self, groups: Any) -> dict[str, Any]:
        """What one may choose, and what a choice keeps of the others."""
        return {
            "audience": choices.chosen_words(groups),
            "audiences": groups,
            "periods": choices.periods(self.selection, self.today),
            "metrics": choices.counted(self.selection),
            "kept_by_audience": self.selection.but(audience=EVERYONE).pairs(),
            "kept_by_search": self.selection.but().pairs(),
            "q": self.selection.q,
            "href": self.selection.href,
            "files": [(kind.upper(), self.selection.file(kind)) for kind in ("csv", "json")],
        }

    def _renewing(
        self, running: BoardKey, board: BoardKey, block: Block, chosen: Selection
    ) -> dict[str, Any]:
        """How the page learns that the running board changed, and where it fetches what it shows."""
        version = block.version if board == running else 0
        return {
            "block_href": block_href(board, chosen),
            "key": reader_key(self.secret, self.now),
            "trigger": f"sse:{running.element_id}",
            "live_url": event_stream(self.request, running, version),
        }

    def key(self, selection: Selection) -> BoardKey:
        """The board that a selection is of; with teams, that of all people."""
        begins_on = selection.begins_on(self.now, self.zone)
        audience = EVERYONE if selection.teams else selection.audience
        return BoardKey(selection.metric, selection.period, begins_on, audience)

    async def _block(self, board: BoardKey, selection: Selection) -> Block:
        if selection.teams is None:
            return await self.blocks.block(board, selection.rows)
        block, _ = await self.blocks.team_block(board, selection.teams)
        return block

    async def _last_result(self, running: BoardKey, block: Block) -> tuple[BoardKey, Block] | None:
        """On a period's first day, until there is something to see: how the last one ended."""
        first_day = running.starts_on == self.today and running.period is not Period.DAY
        if not first_day or self.selection.on is not None or block.size >= LEAST_RANKED:
            return None
        board = replace(running, starts_on=preceding(running.period, running.starts_on))
        if not board.is_known:
            return None  # the first season that has a name
        ended = await self._block(board, self.selection)
        return (board, ended) if ended.size >= LEAST_RANKED else None

    def _note(self, board: BoardKey, running: BoardKey) -> str | None:
        if board == running:
            return None
        began = headline.name(running.period, running.starts_on, self.today)
        return (
            f"{began[:1].upper()}{began[1:]} began today. Until five people have points in it, "
            f"this is how {headline.name(board.period, board.starts_on, self.today)} ended."
        )

    async def _teams(self, board: BoardKey, chosen: Selection) -> tuple[bytes, list[Any]]:
        """The teams everybody sees, and beneath them the viewer's own if it is not among them."""
        assert chosen.teams is not None
        block, rows = await self.blocks.team_block(board, chosen.teams)
        own_team = await self.own_team(chosen.teams)
        own = next((row for row in rows if row.id == own_team), None)
        if own is None:
            return block.body, []
        shown = marked(block.body, own.key)
        if shown != block.body:
            return shown, []
        more = rows.index(own) - max(LEAST_TEAMS, upper_half(len(rows)))
        return block.body, [Part(more, (replace(own, you=True),))]

    async def own_team(self, kind: str) -> int | None:
        """The viewer's own department or office."""
        column = {"department": "department_id", "office": "office_id"}[kind]
        async with self.pool.acquire() as connection:
            team: int | None = await connection.fetchval(
                f"select {column} from profile where person_id = $1", self.viewer.person_id
            )
        return team

    def _more_href(self, block: Block) -> str | None:
        """Where a longer list is, as long as one may be shown."""
        shown = len(block.rows)
        if self.selection.teams or shown >= upper_half(block.size):
            return None
        return replace(self.selection, rows=(shown // STEP + 1) * STEP, q="").href

    def _nobody_found(self, found: bool) -> str | None:
        if not self.selection.q or found:
            return None
        return (
            f"Nobody called “{self.selection.q}” is shown here. People choose whether and under "
            "which name they appear, and not every place is shown to everybody."
        )


def hint(board: BoardKey) -> str:
    """What counts, in a few words within a sentence."""
    words = metrics()[board.metric].hint.rstrip(".")
    return words[:1].lower() + words[1:]


def block_href(board: BoardKey, chosen: Selection) -> str:
    """Where the shared rows of a page are renewed."""
    name = str(replace(board, audience=EVERYONE)) if chosen.teams else str(board)
    if chosen.teams:
        name = name.removesuffix(EVERYONE) + chosen.audience
    return f"/board/{name}" + (f"?rows={chosen.rows}" if chosen.rows else "")


def marked(body: bytes, own_key: str, found: frozenset[str] = frozenset()) -> bytes:
    """Shared rows with the viewer's own row and the found ones marked."""
    for key in found:
        mark = f'id="r-{key}" class="'.encode()
        body = body.replace(mark, mark + b"found ")
    if own_key:  # last: it parts the id from the class, and one may look for oneself
        mark = f'id="r-{own_key}"'.encode()
        body = body.replace(mark, mark + b' aria-current="true"')
    return body
