"""`/comms/posts`: colleagues' posts and what they are about.

Laws: only posts that their authors let count by a deed of theirs, or that the company reshared; nobody
stands beside a post but as they chose; nobody decides here about a post of their own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.council import Whose
from app.database import transaction
from app.pages.faces import faces
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.give_and_take import moment
from app.pages.said import Said
from app.pages.topics.finding import LOOKED_BACK, shown
from app.pages.topics.offering import asked_of, lines_of
from scoring import TopicNotSet, open_posts, set_topic, topic_names, topics_in_use

HERE: Final = "/comms/posts"
GUARDS: Final = [has_role("communications")]
A_PAGE: Final = 30


@get(HERE, guards=GUARDS)
async def colleagues_posts(request: Request[Any, Any, Any]) -> Response[Any]:
    """Posts of the last month, newest first; first those without a topic."""
    return await _page(request)


@post(f"{HERE}/{{post_id:uuid}}", guards=GUARDS)
async def set_topics(request: Request[Any, Any, Any], post_id: FromPath[UUID]) -> Response[Any]:
    """Put a topic on a colleague's post, or take one off."""
    form = await Form.of(request)
    topic, stands = asked_of(form)
    try:
        async with transaction() as connection:
            await set_topic(
                connection, post_id, topic,
                by=viewer_of(request).person_id, stands=stands, now=datetime.now(UTC),
            )  # fmt: skip
    except TopicNotSet as refused:
        return await _page(request, (post_id, str(refused)), status=422)
    show = form.value("show")
    path = f"{HERE}?{urlencode([('show', show)])}" if show == "all" else HERE
    return back(path, Said.TOPIC_PUT_ON if stands else Said.TOPIC_TAKEN_OFF)


async def _page(
    request: Request[Any, Any, Any], problem: tuple[UUID, str] | None = None, status: int = 200
) -> Response[Any]:
    now, secret = datetime.now(UTC), request.app.state.settings.require_secret_key()
    query, viewer = request.query_params, viewer_of(request)
    everything = query.get("show") == "all" or problem is not None
    before = moment(query.get("before", "")) or now
    async with transaction(readonly=True) as connection:
        found = await open_posts(
            connection, since=now - LOOKED_BACK, before=before, limit=A_PAGE + 1,
            untold=not everything,
        )  # fmt: skip
        people = [one.person_id for one in found]
        known = await faces(connection, people, now=now, secret=secret, whose=Whose.NAME)
        in_use, names = await topics_in_use(connection), await topic_names(connection)
    rows = [
        {
            **shown(one, known[one.person_id]),
            **lines_of(one, in_use, names, problem),
            "own": one.person_id == viewer.person_id,
        }
        for one in found[:A_PAGE]
        if one.person_id in known
    ]
    earlier = None
    if len(found) > A_PAGE:
        last = found[A_PAGE - 1].published_at
        pairs = [("show", "all")] if everything else []
        earlier = f"{HERE}?{urlencode([*pairs, ('before', last.isoformat())])}"
    context = {
        "rows": rows,
        "everything": everything,
        "show": "all" if everything else "",
        "has_topics": bool(in_use),
        "earlier_href": earlier,
        "now": now,
    }
    return page(request, "topics/posts.html", context, status=status)


HANDLERS: Final = (colleagues_posts, set_topics)
