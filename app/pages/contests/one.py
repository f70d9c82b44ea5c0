"""`/contests/{slug}`: one contest, its standing, one's own part in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.live.contests import contest_topic
from app.live.topics import topic_event
from app.pages.contests.about import about
from app.pages.contests.board import board
from app.pages.contests.chosen import Chosen
from app.pages.contests.own_card import own_card
from app.pages.contests.winners import are_told, own_awards, winners
from app.pages.form import Form
from app.pages.fragment import page
from app.pages.live import live_stream, spread_ms
from rewards import NoSuchContest, Stage, contest, missing_count, own

EVERY_S: Final = {True: 30, False: 120}  # heals a signal that was missed


@get("/contests/{slug:str}", guards=[signed_in], name="contest")
async def contest_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """A contest, or what of it htmx renews."""
    return await contest_answer(request, slug)


async def contest_answer(
    request: Request[Any, Any, Any], slug: str, *, form: Form | None = None, status: int = 200
) -> Response[Any]:
    """The page, with what was wrong with entering or leaving."""
    state, viewer, now = request.app.state, viewer_of(request), datetime.now(UTC)
    secret = state.settings.require_secret_key()
    async with state.pool.acquire() as connection:
        try:
            view = await contest(connection, slug, now=now)
        except NoSuchContest as unknown:
            raise NotFoundException(str(unknown)) from unknown
        mine = await own(connection, view.id, viewer.person_id, now=now)
        figure = mine.prize or mine.recognition
        bracket = figure.bracket if figure else None
        chosen = Chosen.of(request.query_params, view.slug, view.charter, bracket)
        missing = None
        if mine.entered and view.stage is not Stage.SCHEDULED:
            missing = await missing_count(connection, view.id, viewer.person_id, now=now)
        shown = await board(
            connection, view, mine, viewer.person_id, chosen, now=now, secret=secret
        )
        won = await own_awards(connection, view, viewer.person_id)
        who_won = await winners(connection, view, now=now, secret=secret)

    said = about(view, now)
    event = topic_event(contest_topic(view.id))
    context = {
        "contest": said,
        "own": own_card(
            view, mine, viewer, missing=missing, won=[one.what for one in won], told=are_told(view)
        ),
        "board": shown,
        "winners": who_won,
        "heard": await state.heard.sentence(view.charter.metric, now) if said.moving else None,
        "form": form or Form(),
        "now": now,
        "as_of": f"{now.astimezone(state.settings.timezone):%H:%M}",
        "live_url": live_stream(request, contest_topic(view.id)) if said.moving else None,
        "trigger": f"sse:{event} delay:{spread_ms()}ms, " if said.moving else "",
        "every_s": EVERY_S[said.moving],
    }
    return page(request, "contests/one.html", context, status=status)


HANDLERS: Final = (contest_page,)
