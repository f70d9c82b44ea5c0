"""`/leader/announcements`: what waits to be announced, what is planned, what is on, what is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.live.screens import SCREENS
from app.pages.announcing.found import LEADERS, home
from app.pages.contests.countdown import left
from app.pages.fragment import page
from app.pages.live import live_stream
from rewards import Announcement, Stage, announcements, every_contest, prepare

PAST: Final = 10  # the rest is on everybody's page


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decided contest; `why_not` where it can't be announced yet."""

    name: str
    href: str
    decided_at: datetime | None
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Going:
    """An announcement that is planned or on."""

    name: str
    slug: str
    line: str
    on: bool
    stepped: bool
    starts_at: datetime
    left: str
    step: str


@dataclass(frozen=True, slots=True)
class Over:
    """An announcement that everybody was told of."""

    name: str
    slug: str
    at: datetime


@get("/leader/announcements", guards=[LEADERS])
async def listing(request: Request[Any, Any, Any]) -> Response[Any]:
    """All that a leader has to do with announcements."""
    now = datetime.now(UTC)
    async with request.app.state.pool.acquire() as connection:
        live = await announcements(connection, finished=False)
        past = await announcements(connection, finished=True, limit=PAST)
        every = await every_contest(connection)
        names = {one.id: one.charter.name for one in every if one.published is not None}
        begun = {one.contest_id for one in live}
        decided = [one for one in every if one.stage(now) is Stage.DECIDED and one.id not in begun]
        waiting = []
        for contest in decided:
            ready = await prepare(connection, contest.id, now)
            event = contest.happened("decided")
            waiting.append(
                Waiting(
                    contest.charter.name,
                    home(contest.slug),
                    event.at if event else None,
                    None if ready.ready else ready.why_not,
                )
            )
    context = {
        "waiting": sorted(waiting, key=lambda one: one.why_not is not None),
        "going": [going(one, names[one.contest_id], now) for one in reversed(live)],
        "past": [
            Over(names[one.contest_id], one.slug, one.finished_at or one.starts_at) for one in past
        ],
        "now": now,
        "live_url": live_stream(request, SCREENS),
    }
    return page(request, "announcing/list.html", context)


def going(announcement: Announcement, name: str, now: datetime) -> Going:
    """An announcement in a line."""
    position = announcement.position(now)
    step = "" if position.step is None else f"{position.step + 1} of {len(announcement.plan.steps)}"
    return Going(
        name,
        announcement.slug,
        announcement.line,
        now >= announcement.starts_at,
        announcement.manner == "stepped",
        announcement.starts_at,
        left(announcement.starts_at - now),
        step,
    )


HANDLERS: Final = (listing,)
