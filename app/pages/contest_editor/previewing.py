"""`/hr/contests/{slug}/preview`: the draft as an employee will see it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath

from app.auth.guards import has_role
from app.database import transaction
from app.pages.contest_editor.drafts import draft_of
from app.pages.contest_editor.meaning import meaning
from app.pages.contests.about import about
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import Charter, ContestView, Section, moments, official_rules, stage


@get("/hr/contests/{slug:str}/preview", guards=[has_role("hr", "administrator")])
async def preview(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """The page as people will see it; a draft that lacks something goes back to its editor."""
    now = datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        draft = await draft_of(connection, slug)
        if draft.published:
            return back(f"/contests/{slug}")
        found = await meaning(request, connection, draft.contest_id, draft.form, now)
    if found.charter is None:
        return back(f"/hr/contests/{slug}/edit", Said.NOTHING_TO_PREVIEW)
    context = {
        "slug": slug,
        "contest": about(as_published(found.charter, draft.contest_id, now), now),
        "by_default": found.charter.entering == "default",
        "rules": [
            Section(section.title, tuple(readable(text) for text in section.paragraphs))
            for section in official_rules(found.charter)
        ],
        "now": now,
    }
    return page(request, "contest_editor/preview.html", context)


def readable(text: str) -> str:
    """A paragraph of the rules without the hash that only publishing makes."""
    return text.replace("0" * 64, "(made when it is published)")


def as_published(charter: Charter, contest_id: int, now: datetime) -> ContestView:
    """What a contest of this charter would be, were it published now."""
    return ContestView(
        id=contest_id,
        slug=charter.slug,
        charter=charter,
        published=charter,
        sha256=charter.sha256,
        stage=stage(charter, (), now),
        moments=moments(charter),
        entrants=0,
        events=(),
        amendments=(),
    )


HANDLERS: Final = (preview,)
