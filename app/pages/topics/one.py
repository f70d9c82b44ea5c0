"""`/comms/topics/{slug}`: one topic: its words, what they find, what was changed and by whom.

Law: a change, retiring and giving it to earlier posts all stand in the history with who did it; for the
past with a reason.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.approvals.acting import names_of
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.pages.topics.finding import found_by
from app.pages.topics.listing import address
from app.pages.topics.typed import Typed, form_of, refuse, typed
from app.pages.words import counted
from scoring import (
    TopicList,
    TopicNotSet,
    TopicRefused,
    change_topic,
    give_to_past,
    topics,
)

GUARDS: Final = [has_role("communications")]
SPANS: Final = (("30", "30 days"), ("90", "90 days"), ("365", "a year"))
MOST_CHANGES: Final = 10
_PATH: Final = "/comms/topics/{slug:str}"


@get(_PATH, guards=GUARDS)
async def one_topic(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """The topic as it is, and what its list finds."""
    return await _page(request, slug)


@post(_PATH, guards=GUARDS)
async def change(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Save, retire or take up again; or only look at what the list would find."""
    form = await Form.of(request)
    do = form.value("do")
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    said = {"retire": Said.TOPIC_RETIRED, "again": Said.TOPIC_AGAIN}.get(do, Said.TOPIC_SAVED)
    async with transaction() as connection:
        old = await _found(connection, slug)
        kept = do in ("retire", "again")
        wanted = Typed(old.name, old.hashtags, old.keywords) if kept else typed(form)
        if form.fine and do != "look":
            try:
                await change_topic(
                    connection, slug, wanted.name, wanted.hashtags, wanted.keywords,
                    active=do != "retire" and (old.active or do == "again"), by=by, now=now,
                )  # fmt: skip
            except TopicRefused as refused:
                refuse(form, refused)
    if not form.fine:
        return await _page(request, slug, form, status=422)
    if do == "look":
        return await _page(request, slug, form, looked=wanted)
    return back(address(slug), said)


@post(f"{_PATH}/past", guards=GUARDS)
async def to_the_past(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
    """Give the topic to earlier posts that its list finds."""
    form = await Form.of(request)
    span = form.choice("span", [value for value, _ in SPANS], ask="Choose how far back.")
    reason = form.text("reason", ask="Say why: it stays with the topic.", most=300)
    now = datetime.now(UTC)
    if form.fine:
        try:
            async with transaction() as connection:
                await _found(connection, slug)
                await give_to_past(
                    connection, slug, since=now - timedelta(days=int(span)), reason=reason,
                    by=viewer_of(request).person_id, now=now,
                )  # fmt: skip
        except TopicNotSet as refused:
            form.wrong("span", str(refused))
    if not form.fine:
        return await _page(request, slug, past=form, status=422)
    return back(address(slug), Said.TOPIC_GIVEN)


async def _found(connection: Connection, slug: str) -> TopicList:
    one = next((one for one in await topics(connection) if one.topic == slug), None)
    if one is None:
        raise NotFoundException("There is no such topic.")
    return one


async def _page(
    request: Request[Any, Any, Any],
    slug: str,
    form: Form | None = None,
    *,
    looked: Typed | None = None,
    past: Form | None = None,
    status: int = 200,
) -> Response[Any]:
    now, secret = datetime.now(UTC), request.app.state.settings.require_secret_key()
    async with transaction(readonly=True) as connection:
        one = await _found(connection, slug)
        asked = looked.as_list(slug, now) if looked else one
        found = None
        if one.active:
            found = await found_by(connection, asked, now=now, secret=secret)
        changes = await _changes(connection, slug)
    context = {
        "topic": one,
        "href": address(slug),
        "holds": one.valid_from <= now,
        "form": form or form_of(one),
        "found": found,
        "looked": looked is not None,
        "past": past or Form({"span": "30"}),
        "spans": SPANS,
        "changes": changes,
        "now": now,
    }
    return page(request, "topics/one.html", context, status=status)


async def _changes(connection: Connection, slug: str) -> list[dict[str, Any]]:
    """What was done to a topic, newest first, in words."""
    rows = await connection.fetch(
        """select person_id, action, detail, recorded_at from audit where subject = $1
           order by id desc limit $2""",
        f"topic:{slug}",
        MOST_CHANGES,
    )
    names = await names_of(connection, {row["person_id"] for row in rows})
    return [
        {
            "at": row["recorded_at"],
            "by": names.get(row["person_id"]),
            **_told(row["action"], json.loads(row["detail"])),
        }
        for row in rows
    ]


def _told(action: str, detail: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"words": "Retired", "since": None, "listed": None, "reason": None}
    if action == "topic_given_to_past":
        earlier = counted(detail["posts"], "earlier post")
        since = datetime.fromisoformat(detail["since"])
        return told | {"words": f"Given to {earlier}", "since": since, "reason": detail["reason"]}
    if not detail["in_use"]:
        return told
    tags = [f"#{tag}" for tag in detail["hashtags"]]
    listed = ", ".join([*tags, *(f"“{word}”" for word in detail["keywords"])])
    return told | {"words": "Set", "listed": listed or "No hashtag and no word: by people only"}


HANDLERS: Final = (one_topic, change, to_the_past)
