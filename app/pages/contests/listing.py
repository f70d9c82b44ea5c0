"""`/contests`: what runs, what comes, what is being counted, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import signed_in, viewer_of
from app.pages.contests.about import OVER
from app.pages.contests.cards import COUNTING, Card, card, own_words
from app.pages.fragment import page
from rewards import ContestCard, Stage, contests

SHOWN: Final = 12  # of those that are over; the rest is one "show" away


@get("/contests", guards=[signed_in], name="contests")
async def contests_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """All contests, as this person sees them."""
    viewer, now = viewer_of(request), datetime.now(UTC)
    everything = request.query_params.get("show") == "all"
    async with request.app.state.pool.acquire() as connection:
        found = await contests(connection, viewer_id=viewer.person_id, now=now)
        over = [one for one in found if one.stage in OVER or one.stage is Stage.CANCELLED]
        over.sort(key=lambda one: one.moments.ends_at, reverse=True)
        groups = {
            "running": _sorted(found, {Stage.RUNNING}, ends=True),
            "upcoming": _sorted(found, {Stage.SCHEDULED}),
            "counting": _sorted(found, COUNTING, ends=True),
            "over": over if everything else over[:SHOWN],
        }
        shown: dict[str, list[Card]] = {
            name: [
                card(one, now, await own_words(connection, one, viewer.person_id, now))
                for one in group
            ]
            for name, group in groups.items()
        }
    context = {
        "running": shown["running"],
        "upcoming": shown["upcoming"],
        "sections": [
            ("contests-running", "Running", shown["running"]),
            ("contests-upcoming", "Coming up", shown["upcoming"]),
            ("contests-counting", "Being counted", shown["counting"]),
            ("contests-over", "Over", shown["over"]),
        ],
        "more_href": None if everything or len(over) <= SHOWN else "/contests?show=all",
        "href": "/contests?show=all" if everything else "/contests",
        "suggest_to": _contact(found),
        "now": now,
    }
    return page(request, "contests/list.html", context)


def _sorted(
    found: Sequence[ContestCard], stages: set[Stage] | frozenset[Stage], *, ends: bool = False
) -> list[ContestCard]:
    moments = [(one.moments.ends_at if ends else one.moments.starts_at) for one in found]
    order = sorted(zip(moments, found, strict=True), key=lambda pair: (pair[0], pair[1].id))
    return [one for _, one in order if one.stage in stages]


def _contact(found: Sequence[ContestCard]) -> str:
    """Whom to suggest a contest to: who answered for the newest one."""
    return max(found, key=lambda one: one.id).charter.contact if found else "the people team"
