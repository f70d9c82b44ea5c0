"""`/me/notices`: what a person was told, and what they want to be told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from rewards import MESSAGES, NoticeKind, choose_notices, mark_read, notice_choices, notices

WORDS: Final[dict[NoticeKind, str]] = {
    "contest_entered_by_default": "I am in a contest without having asked",
    "contest_overtaken": "Somebody passed me in a contest",
    "contest_decided": "A contest I am in is decided",
    "award_waits_for_answer": "Something I won waits for my answer",
    "approval_waits": "Awards wait for my approval",
}


@get("/me/notices", guards=[signed_in])
async def my_notices(request: Request[Any, Any, Any]) -> Response[Any]:
    """The list, the newest first; what is shown is read from then on."""
    viewer = viewer_of(request)
    async with transaction() as connection:
        found = await notices(connection, viewer.person_id)
        choices = await notice_choices(connection, viewer.person_id)
        await mark_read(connection, viewer.person_id, datetime.now(UTC))
    offered = [
        (kind, words, choices[kind])
        for kind, words in WORDS.items()
        if kind != "approval_waits" or viewer.may("hr") or viewer.may("leader")
    ]
    always = [message for message in MESSAGES.values() if not message.optional]
    return page(
        request, "notices/page.html", {"notices": found, "offered": offered, "always": len(always)}
    )


@post("/me/notices", guards=[signed_in])
async def choose(request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep what the person wants to be told."""
    form = await Form.of(request)
    wanted = {kind: form.ticked(kind) for kind in WORDS if form.value(f"offered:{kind}")}
    async with transaction() as connection:
        await choose_notices(connection, viewer_of(request).person_id, wanted, datetime.now(UTC))
    return back("/me/notices", Said.NOTICES)


HANDLERS: Final = (my_notices, choose)
