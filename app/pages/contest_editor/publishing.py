"""`/hr/contests/{slug}/publish`: what publishing means and costs, then the yes to it.

Laws: what is published is the version the person looked at; a second click changes nothing and leads
to the same page; what is forbidden needs an administrator and their reason on record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.contest_editor.context import context_of
from app.pages.contest_editor.drafts import Draft, draft_of
from app.pages.contest_editor.meaning import meaning
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import Refused, in_words, publish

MAY_PUBLISH = has_role("hr", "administrator")


@get("/hr/contests/{slug:str}/publish", guards=[MAY_PUBLISH])
async def confirm(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """What everybody will read, what it costs at most, what speaks against it."""
    async with transaction(readonly=True) as connection:
        draft = await draft_of(connection, slug)
        if draft.published:
            return back(f"/hr/contests/{slug}")
        return await show(request, connection, draft, Form({"version": str(draft.version)}))


@post("/hr/contests/{slug:str}/publish", guards=[MAY_PUBLISH])
async def publish_it(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Publish the version that was looked at."""
    form, viewer, now = await Form.of(request), viewer_of(request), datetime.now(UTC)
    reason = form.optional("override", most=1000)
    async with transaction(readonly=True) as connection:
        draft = await draft_of(connection, slug)
        if draft.published:
            return back(f"/hr/contests/{slug}")
        found = await meaning(request, connection, draft.contest_id, draft.form, now)
        if found.panel.forbidden and viewer.may("administrator") and not reason:
            form.wrong("override", "Say why it is published all the same.")
        if not form.fine:
            return await show(request, connection, draft, form, status=422)
    refused = None
    try:
        async with transaction() as connection:
            await publish(
                connection,
                draft.contest_id,
                version_of(form),
                by=viewer.person_id,
                now=now,
                context=await context_of(request, connection, draft.contest_id, now),
                override=reason or None,
            )
    except Refused as why:
        refused = str(why)
    async with transaction(readonly=True) as connection:
        draft = await draft_of(connection, slug)
        if draft.published:
            # Ours, or of a second click that came first: either way it is published.
            return back(f"/hr/contests/{slug}", Said.CONTEST_PUBLISHED)
        return await show(request, connection, draft, form, refused=refused, status=409)


def version_of(form: Form) -> int:
    """The version that was looked at; 0, which never was, for anything that is no number."""
    typed = form.value("version")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


async def show(
    request: Request[Any, Any, Any],
    connection: Connection,
    draft: Draft,
    form: Form,
    *,
    refused: str | None = None,
    status: int = 200,
) -> Response[Any]:
    """The page; a draft that lacks something leads back to its editor, where the sentences are."""
    found = await meaning(
        request, connection, draft.contest_id, draft.form, datetime.now(UTC), foresee=True
    )
    if found.errors:
        return back(f"/hr/contests/{draft.slug}/edit")
    viewer = viewer_of(request)
    context = {
        "slug": draft.slug,
        "name": draft.form.get("name") or draft.slug,
        "version": draft.version,
        "form": form,
        "panel": found.panel,
        "worst": [in_words(amount) for amount in found.worst],
        "forbidden": found.panel.forbidden,
        "may_override": viewer.may("administrator"),
        "may_publish": viewer.may("hr") or found.panel.forbidden,
        "refused": refused,
    }
    return page(request, "contest_editor/confirm.html", context, status=status)


HANDLERS: Final = (confirm, publish_it)
