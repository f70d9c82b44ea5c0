"""`/me/topics`: what one's own posts are about, said by their author.

Law: one's own posts alone; at most three topics a post, and what communications took off they put on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import signed_in, viewer_of
from app.database import transaction
from app.pages.deeds import quoted
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.give_and_take import moment
from app.pages.said import Said
from app.pages.topics.offering import asked_of, lines_of
from app.pages.wall import label, safe_address
from scoring import (
    MOST_OF_A_POST,
    NotYours,
    TopicNotSet,
    choose_topic,
    own_posts,
    topic_names,
    topics_in_use,
)

HERE: Final = "/me/topics"
A_PAGE: Final = 20


@get(HERE, guards=[signed_in])
async def own_topics(request: Request[Any, Any, Any]) -> Response[Any]:
    """One's own posts, newest first, each with its topics."""
    return await _page(request)


@post(f"{HERE}/{{post_id:uuid}}", guards=[signed_in])
async def choose(request: Request[Any, Any, Any], post_id: FromPath[UUID]) -> Response[Any]:
    """Put a topic on a post of one's own, or take one off."""
    topic, stands = asked_of(await Form.of(request))
    try:
        async with transaction() as connection:
            await choose_topic(
                connection, post_id, topic,
                by=viewer_of(request).person_id, stands=stands, now=datetime.now(UTC),
            )  # fmt: skip
    except TopicNotSet as refused:
        return await _page(request, (post_id, str(refused)), status=422)
    except NotYours:
        words = "This is no post of yours, or its account is not linked any more."
        return await _page(request, (post_id, words), status=422)
    return back(f"{HERE}#post-{post_id}", Said.TOPIC_PUT_ON if stands else Said.TOPIC_TAKEN_OFF)


async def _page(
    request: Request[Any, Any, Any], problem: tuple[UUID, str] | None = None, status: int = 200
) -> Response[Any]:
    now, viewer = datetime.now(UTC), viewer_of(request)
    before = moment(request.query_params.get("before", "")) or now
    async with transaction(readonly=True) as connection:
        found = await own_posts(connection, viewer.person_id, before=before, limit=A_PAGE + 1)
        in_use, names = await topics_in_use(connection), await topic_names(connection)
    rows = [
        {
            "name": None,  # whose it is needs no saying
            "network": label(one.platform),
            "published_at": one.published_at,
            "text": quoted(one.text, 280),
            "url": safe_address(one.url),
            **lines_of(one, in_use, names, problem, author=True),
        }
        for one in found[:A_PAGE]
    ]
    shown = {row["id"] for row in rows}
    earlier = None
    if len(found) > A_PAGE:
        last = found[A_PAGE - 1].published_at
        earlier = f"{HERE}?{urlencode([('before', last.isoformat())])}"
    context = {
        "rows": rows,
        "names": list(in_use.values()),
        "most": MOST_OF_A_POST,
        "problem": problem[1] if problem and problem[0] not in shown else None,
        "earlier_href": earlier,
        "now": now,
    }
    return page(request, "topics/own.html", context, status=status)


HANDLERS: Final = (own_topics, choose)
