"""`/hr/contests/{slug}/withdraw`, `/cancel`, `/amend`: what each means, the yes to it.

Laws: each says beforehand what it does and whom it tells; nothing happens without the yes; a second
click changes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.contest_run.amending import further_prize, read_change
from app.pages.contest_run.deed import DEEDS, SILENT, Deed
from app.pages.contest_run.found import contest_at
from app.pages.form import Form
from app.pages.fragment import back, page
from rewards import Refused, amend, cancel, withdraw

PATHS: Final = [f"/hr/contests/{{slug:str}}/{key}" for key in DEEDS]


@get(PATHS, guards=[has_role("hr")])
async def ask(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """What it means, and the form."""
    return await show(request, slug, deed_of(request), Form({}))


@post(PATHS, guards=[has_role("hr")])
async def do(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Do it, if it was meant."""
    deed = deed_of(request)
    key = deed.key
    form, by, now = await Form.of(request), viewer_of(request).person_id, datetime.now(UTC)
    reason = form.optional("reason", most=500)
    if not reason and key not in SILENT:
        form.wrong("reason", "Say it in a sentence; it will be read.")
    if not form.ticked("sure"):
        form.wrong("sure", "Tick this to say that you mean it.")
    change = await read_change(request, slug, form, reason, now) if key == "amend" else None
    if not form.fine:
        return await show(request, slug, deed, form, status=422)
    try:
        async with transaction() as connection:
            contest = await contest_at(connection, slug)
            if change is not None:
                await amend(connection, contest.id, change, by=by, now=now)
            elif key == "cancel":
                await cancel(connection, contest.id, by=by, reason=reason, now=now)
            else:
                await withdraw(connection, contest.id, by=by, reason=reason, now=now)
    except Refused as refused:
        if refused.field is None:
            return await show(request, slug, deed, form, refused=str(refused), status=409)
        form.wrong(refused.field, str(refused))
        return await show(request, slug, deed, form, status=422)
    return back(f"/hr/contests/{slug}" + ("/edit" if key == "withdraw" else ""), deed.said)


def deed_of(request: Request[Any, Any, Any]) -> Deed:
    """The deed an address ends with."""
    return DEEDS[request.url.path.rsplit("/", 1)[-1]]


async def show(
    request: Request[Any, Any, Any],
    slug: str,
    deed: Deed,
    form: Form,
    *,
    refused: str | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page with the form as it was typed."""
    async with transaction(readonly=True) as connection:
        contest = await contest_at(connection, slug)
        further = await further_prize(request, connection, contest) if deed.key == "amend" else {}
    if contest.published is None:
        return back(f"/hr/contests/{slug}/edit")
    context = {
        "slug": slug,
        "deed": deed,
        "form": form,
        "refused": refused,
        "ends_at": contest.moments.ends_at,
        "zone": contest.charter.zone,
        **further,
    }
    return page(request, "contest_run/deed.html", context, status=status)


HANDLERS: Final = (ask, do)
