"""`/hr/contests/{slug}/edit`: the form, what it means beside it, and what its buttons do.

Laws: what was typed is never lost, whatever was wrong; who saves an older version than the newest
overwrites nothing; a published contest has no editor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.contest_editor.choices import choices
from app.pages.contest_editor.drafts import Draft, draft_of
from app.pages.contest_editor.lines import changed
from app.pages.contest_editor.meaning import meaning
from app.pages.contest_editor.panel import called
from app.pages.contest_editor.rows import Rows
from app.pages.contest_editor.sent import sent, shown
from app.pages.contest_editor.when import when
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import Refused, StaleForm, save_draft

LINES_CHANGED: Final = {"HX-Trigger-After-Settle": "lines"}  # the right column listens to it
VERSION: Final = 9  # digits; more is no version of ours


@get("/hr/contests/{slug:str}/edit", guards=[has_role("hr")])
async def editor(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """The draft as it was saved; a published contest has its own page."""
    async with transaction(readonly=True) as connection:
        draft = await draft_of(connection, slug)
        if draft.published:
            return back(f"/hr/contests/{slug}")
        return await show(request, connection, draft, draft.form, draft.version)


@post("/hr/contests/{slug:str}/edit", guards=[has_role("hr")], status_code=200)
async def edit(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Save, go on to publishing, or add and take away a line, as the button says."""
    typed, said_version, do = await sent(request)
    version = int(said_version) if said_version.isdecimal() and len(said_version) < VERSION else 0
    lines = changed(typed, do)
    now = datetime.now(UTC)
    async with transaction() as connection:
        draft = await draft_of(connection, slug)
        if draft.published:
            return back(f"/hr/contests/{slug}", Said.CONTEST_IS_PUBLISHED)
        if lines is not None:
            answer = await show(request, connection, draft, lines[0], version, fresh=lines[1])
            answer.headers.update(LINES_CHANGED)
            return answer
        try:
            version = await save_draft(
                connection,
                draft.contest_id,
                typed,
                version,
                by=viewer_of(request).person_id,
                now=now,
            )
        except StaleForm as stale:
            return await show(
                request, connection, draft, typed, draft.version, stale=str(stale), status=409
            )
        except Refused:
            # Somebody published it between our look and this.
            return back(f"/hr/contests/{slug}", Said.CONTEST_IS_PUBLISHED)
        if do != "publish":
            return back(f"/hr/contests/{slug}/edit", Said.DRAFT_SAVED)
        found = await meaning(request, connection, draft.contest_id, typed, now)
        if found.errors:
            return await show(
                request, connection, draft, typed, version, errors=found.errors, status=422
            )
    return back(f"/hr/contests/{slug}/publish")


@post("/hr/contests/{slug:str}/panel", guards=[has_role("hr")], status_code=200)
async def panel(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """The right column for the form as it stands, typed and not saved."""
    typed, _, _ = await sent(request)
    async with transaction(readonly=True) as connection:
        draft = await draft_of(connection, slug)
        return await show(request, connection, draft, typed, draft.version, live=True)


async def show(
    request: Request[Any, Any, Any],
    connection: Connection,
    draft: Draft,
    typed: Mapping[str, str],
    version: int,
    *,
    errors: Mapping[str, str] | None = None,
    stale: str | None = None,
    fresh: str = "",
    live: bool = False,
    status: int = 200,
) -> Response[Any]:
    """The page with a form as it was typed; `errors` stand beside their fields and above the form."""
    now = datetime.now(UTC)
    form = shown(typed, version)
    for field, words in (errors or {}).items():
        form.wrong(field, words)
    found = await meaning(
        request, connection, draft.contest_id, typed, now, live=live, foresee=live
    )
    context = {
        "slug": draft.slug,
        "heading": typed.get("name") or "New contest",
        "saved_at": draft.changed_at,
        "form": form,
        "stale": stale,
        "problems": [(field, called(field, words)) for field, words in (errors or {}).items()],
        "choices": choices(found.context),
        "rows": Rows.of(typed, fresh=fresh, wrong=errors),
        "when": when(typed, request.app.state.settings.timezone),
        "panel": found.panel,
    }
    return page(request, "contest_editor/page.html", context, status=status)


HANDLERS: Final = (editor, edit, panel)
