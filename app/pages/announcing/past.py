"""`/announcements`, `/announcements/{slug}`: who won, as it was announced and as everybody allows it now.

Laws: a page never shows more of a winner than they allow at this moment; only the winner sees who
congratulated, each face as it wants to be seen.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath

from app.announcing.frames import material
from app.auth.guards import signed_in, viewer_of
from app.council import Whose
from app.database import Connection
from app.pages.announcing.found import finished_at
from app.pages.announcing.told import Told, told
from app.pages.faces import faces
from app.pages.form import Form
from app.pages.fragment import page
from rewards import Announcement, Contest, announcements, congratulations, contest_by_slug

A_PAGE: Final = 8
LONGEST_ID: Final = 18  # digits: what is longer is no number of ours


@get("/announcements", guards=[signed_in])
async def past(request: Request[Any, Any, Any]) -> Response[Any]:
    """All that were announced, the newest first."""
    before = cursor(request.query_params.get("before", ""))
    async with request.app.state.pool.acquire() as connection:
        found = await announcements(connection, finished=True, before=before, limit=A_PAGE + 1)
        shown = found[:A_PAGE]
        pairs = [(await contest_by_slug(connection, one.slug), one) for one in shown]
        context = {
            "told": await told_to(request, connection, pairs),
            "one": None,
            "before": before,
            "older": shown[-1].id if len(found) > A_PAGE else None,
            "form": Form(),
        }
    return page(request, "announcing/past.html", context)


@get("/announcements/{slug:str}", guards=[signed_in])
async def one_past(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """One of them."""
    return await one_answer(request, slug)


async def one_answer(
    request: Request[Any, Any, Any], slug: str, *, form: Form | None = None, status: int = 200
) -> Response[Any]:
    """The page of one, with what was wrong with congratulating."""
    async with request.app.state.pool.acquire() as connection:
        found = await told_to(request, connection, [await finished_at(connection, slug)])
    context = {"told": found, "one": found[0], "form": form or Form()}
    return page(request, "announcing/past.html", context, status=status)


async def told_to(
    request: Request[Any, Any, Any],
    connection: Connection,
    pairs: list[tuple[Contest, Announcement]],
) -> list[Told]:
    """Announcements as this viewer may read them."""
    viewer, now = viewer_of(request), datetime.now(UTC)
    secret = request.app.state.settings.require_secret_key()
    found = []
    for contest, announcement in pairs:
        made = await material(connection, announcement, now=now, secret=secret)
        wished = await congratulations(connection, list(made.awards), viewer.person_id)
        own = [id for id, award in made.awards.items() if award.person_id == viewer.person_id]
        people = [person for id in own for person in wished[id].people]
        known = await faces(connection, people, now=now, secret=secret, whose=Whose.NAME)
        found.append(told(contest, announcement, made, wished, known, viewer.person_id))
    return found


def cursor(text: str) -> int | None:
    """Before which announcement a page begins; None for the newest, and for what is no id."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None


HANDLERS: Final = (past, one_past)
