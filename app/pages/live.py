"""Where a page hears that something changed, and how its browsers spread their questions."""

from __future__ import annotations

import random
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request

from scoring import BoardKey

# After a signal each browser waits its own moment: thousands of them ask over a second, not at once.
# Not sooner than 150 ms, so that a process that looked 100 ms ago has seen what was signalled; not
# later than 900 ms, so that signals a second apart do not put each other off.
SOONEST_MS: Final = 150
LATEST_MS: Final = 900


def event_stream(request: Request[Any, Any, Any], *boards: BoardKey) -> str:
    """The address of the live updates of some boards and of the company's reshares."""
    base: str = request.app.state.settings.live_url
    return f"{base}/live" + (
        f"?{urlencode([('board', str(board)) for board in boards])}" if boards else ""
    )


def spread_ms() -> int:
    """How long this page waits after a signal."""
    return random.randint(SOONEST_MS, LATEST_MS)
