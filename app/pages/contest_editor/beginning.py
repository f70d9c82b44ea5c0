"""`/hr/contests/new`: what a contest begins with, a template or an earlier one.

Law: beginning twice in the same moment (a double click) makes one draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import NoSuchContest, copy_of, draft_by_slug, new_draft, templates

DOUBLE_CLICK: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Start:
    """Something to begin with."""

    key: str
    name: str
    words: str


@get("/hr/contests/new", guards=[has_role("hr")])
async def beginnings(request: Request[Any, Any, Any]) -> Response[Any]:
    """The templates, and the earlier contests to copy."""
    return await show(request, Form({"copy": request.query_params.get("copy", "")}))


@post("/hr/contests/new", guards=[has_role("hr")])
async def begin(request: Request[Any, Any, Any]) -> Response[Any]:
    """Make the draft and go on to its editor."""
    form = await Form.of(request)
    viewer, now = viewer_of(request), datetime.now(UTC)
    by = viewer.person_id
    template, copied = form.value("template"), form.value("copy")
    async with transaction() as connection:
        await connection.execute(
            "select pg_advisory_xact_lock(hashtext('fanfare.begin'), $1)", by % 2**31
        )
        slug = await just_begun(connection, by, now)
        if slug is not None:
            return back(f"/hr/contests/{slug}/edit")
        if template:
            known = {start.key: start.form for start in templates()}
            if template not in known:
                form.wrong("copy", "There is no such template. Choose one of those shown.")
                return await show(request, form, status=422)
            _, slug = await new_draft(
                connection, by=by, form=with_contact(known[template], viewer.email), now=now
            )
        else:
            try:
                draft = await draft_by_slug(connection, copied)
            except NoSuchContest:
                form.wrong("copy", "Choose a contest to copy.")
                return await show(request, form, status=422)
            _, slug = await copy_of(connection, draft.contest_id, by=by, now=now)
    return back(f"/hr/contests/{slug}/edit", Said.CONTEST_BEGUN)


async def show(request: Request[Any, Any, Any], form: Form, *, status: int = 200) -> Response[Any]:
    """The page, with what was wrong."""
    async with transaction(readonly=True) as connection:
        rows = await connection.fetch(
            """select c.slug, coalesce(nullif(d.form->>'name', ''), c.slug) as name
               from contest c join contest_draft d on d.contest_id = c.id
               order by c.id desc limit 200"""
        )
    context = {
        "form": form,
        "starts": templates(),
        "earlier": [(row["slug"], row["name"]) for row in rows],
    }
    return page(request, "contest_editor/new.html", context, status=status)


def with_contact(form: dict[str, str], email: str) -> dict[str, str]:
    """The form, with who begins it as the one to ask."""
    return {"contact": email, **form}


async def just_begun(connection: Connection, by: int, now: datetime) -> str | None:
    """The draft this person began a moment ago and has not touched since."""
    slug: str | None = await connection.fetchval(
        """select c.slug from contest c join contest_draft d on d.contest_id = c.id
           where c.author_id = $1 and c.recorded_at > $2 and d.version = 1
           order by c.id desc limit 1""",
        by,
        now - DOUBLE_CLICK,
    )
    return slug


HANDLERS: Final = (beginnings, begin)
