"""`/comms/topics`: the company's topics, and a form for a new one.

Laws: looking at what a list finds changes nothing; what a list says holds for posts from the next minute
on, and nothing earlier moves.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.pages.topics.finding import LOOKED_BACK, found_by
from app.pages.topics.typed import Typed, refuse, typed
from scoring import TopicRefused, add_topic, hashtags_without_topic, topic_counts, topics

HERE: Final = "/comms/topics"
GUARDS: Final = [has_role("communications")]
LEAST_PEOPLE: Final = (
    3  # who use a hashtag before it is named here: of fewer it would be somebody's
)
MOST_TAGS: Final = 12


def address(slug: str) -> str:
    """A topic's page."""
    return f"{HERE}/{quote(slug, safe='')}"


@get(HERE, guards=GUARDS)
async def every_topic(request: Request[Any, Any, Any]) -> Response[Any]:
    """All topics with how many posts have them, and a form for a new one."""
    tag = request.query_params.get("hashtag", "")[:60]
    values = {"name": tag.capitalize(), "hashtags": f"#{tag}"} if tag else {}
    return await _page(request, Form(values))


@post(HERE, guards=GUARDS)
async def add(request: Request[Any, Any, Any]) -> Response[Any]:
    """Add a topic, or only look at what its list would find."""
    form = await Form.of(request)
    wanted, now = typed(form), datetime.now(UTC)
    if form.fine and form.value("do") == "look":
        return await _page(request, form, looked=wanted)
    if form.fine:
        try:
            async with transaction() as connection:
                added = await add_topic(
                    connection, wanted.name, wanted.hashtags, wanted.keywords,
                    by=viewer_of(request).person_id, now=now,
                )  # fmt: skip
            return back(address(added.topic), Said.TOPIC_ADDED)
        except TopicRefused as refused:
            refuse(form, refused)
    return await _page(request, form, status=422)


async def _page(
    request: Request[Any, Any, Any], form: Form, *, looked: Typed | None = None, status: int = 200
) -> Response[Any]:
    now, settings = datetime.now(UTC), request.app.state.settings
    async with transaction(readonly=True) as connection:
        every = await topics(connection)
        counts = await topic_counts(connection, since=now - LOOKED_BACK)
        found = None
        if looked is not None:
            list_ = looked.as_list("", now)
            secret = settings.require_secret_key()
            found = await found_by(connection, list_, now=now, secret=secret)
        listed = [tag for one in every for tag in one.hashtags]
        tags = await hashtags_without_topic(
            connection,
            since=now - LOOKED_BACK,
            known=[*listed, settings.disclosure_tag.lstrip("#")],
            least=LEAST_PEOPLE,
            limit=MOST_TAGS,
        )
    context = {
        "rows": [
            {"topic": one, "posts": counts.get(one.topic, 0), "href": address(one.topic)}
            for one in every
            if one.active
        ],
        "retired": [{"topic": one, "href": address(one.topic)} for one in every if not one.active],
        "tags": [(tag, people, f"{HERE}?hashtag={quote(tag)}#new") for tag, people in tags],
        "form": form,
        "found": found,
        "now": now,
    }
    return page(request, "topics/list.html", context, status=status)


HANDLERS: Final = (every_topic, add)
