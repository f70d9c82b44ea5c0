"""`/contests/{slug}/rules`: the official rules with their seal, to read and to print; and the charter
itself, exactly the bytes under the hash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import signed_in
from app.pages.contests.about import about
from app.pages.fragment import page
from rewards import ContestView, NoSuchContest, contest, official_rules


@get("/contests/{slug:str}/rules", guards=[signed_in])
async def rules_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """The rules as they were published, and what was amended since."""
    view = await _view(request, slug)
    published = next(event for event in view.events if event.kind == "published")
    context = {
        "contest": about(view, datetime.now(UTC)),
        "published_at": published.at,
        "sections": official_rules(view.published, ()),
        "amendments": view.amendments,
        "charter_href": f"/contests/{view.slug}/charter.json",
    }
    return page(request, "contests/rules.html", context)


@get("/contests/{slug:str}/charter.json", guards=[signed_in])
async def charter_file(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """The charter as a file, of which anybody can compute the hash."""
    view = await _view(request, slug)
    name = f"{view.slug}-{view.sha256[:12]}.json"
    return Response(
        view.published.canonical(),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _view(request: Request[Any, Any, Any], slug: str) -> ContestView:
    async with request.app.state.pool.acquire() as connection:
        try:
            return await contest(connection, slug, now=datetime.now(UTC))
        except NoSuchContest as unknown:
            raise NotFoundException(str(unknown)) from unknown


HANDLERS: Final = (rules_page, charter_file)
