"""Events of the company's own systems as facts.

Law: what is ours to correct is refused loudly: an event with an absurd time or half a name is set
aside with the reason, so that the sending system can be mended and the delivery tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from scoring.facts import (
    Delivery,
    Engagement,
    Fact,
    Figure,
    Kind,
    Post,
    Removal,
    Snapshot,
    Telling,
    UnusableFact,
)
from scoring.platforms.payload import Payload
from scoring.platforms.standard.events import (
    EVENTS,
    CountedFollowers,
    Data,
    PostFigures,
    PublishedPost,
    RecordedEngagement,
    RemovedEngagement,
    RemovedPost,
)

_MAKES_A_POST = frozenset({Kind.POST, Kind.REPLY, Kind.RESHARE, Kind.QUOTE})


def adapt(delivery: Delivery) -> Telling:
    """Read one event."""
    whole = Payload.read(delivery.body)
    event = whole["type"].word()
    shape = EVENTS.get(event)
    if shape is None:
        return Telling.nothing(f"unknown event type {event}")
    data = whole["data"].shaped(shape)
    at = whole["timestamp"].time(delivery.received_at)
    return Telling.of(
        _told(data, at), None if data.platform == delivery.platform else data.platform
    )


def _told(data: Data, at: datetime) -> Iterator[Fact]:
    match data:
        case PublishedPost():
            post, author = _id(data.id, "id"), _id(data.author, "author")
            yield Engagement(Kind.POST, post, author, None, occurred_at=at)
            yield _described(data, post, author, _some_id(data.shares, "shares"), at)
        case RemovedPost():
            yield Removal(_id(data.id, "id"))
        case RecordedEngagement():
            yield from _recorded(data, at)
        case RemovedEngagement():
            yield Removal(_name(data))
        case PostFigures():
            post = _id(data.post, "post")
            for kind, value in data.figures.items():
                yield Figure(post, kind, value, at)
        case CountedFollowers():
            yield Snapshot(_id(data.account, "account"), data.followers, at)


def _recorded(data: RecordedEngagement, at: datetime) -> Iterator[Fact]:
    name, actor = _name(data), _some_id(data.actor, "actor")
    post = _some_id(data.post, "post")
    yield Engagement(
        data.kind,
        name,
        actor,
        _some_id(data.target, "target"),
        post=post,
        thread=_some_id(data.thread, "thread"),
        occurred_at=at,
        also=tuple(_id(other, f"also[{index}]") for index, other in enumerate(data.also)),
    )
    if data.kind in _MAKES_A_POST and actor is not None:
        shared = post if data.kind in (Kind.RESHARE, Kind.QUOTE) else None
        yield _described(data, name, actor, shared, at)


def _described(
    data: PublishedPost | RecordedEngagement,
    post: str,
    author: str,
    shares: str | None,
    at: datetime,
) -> Post:
    topics = (Payload(topic, "data.topics").topic() for topic in data.topics)
    return Post(
        post,
        author,
        at,
        text=None if data.text is None else Payload(data.text, "data.text").text(),
        url=Payload(data.url, "data.url").link(),
        topics=tuple(dict.fromkeys(topic for topic in topics if topic)),
        shares=shares,
    )


def _name(data: RecordedEngagement | RemovedEngagement) -> str:
    """The id, else the name every source gives a reaction or a follow."""
    if data.id is not None:
        return _id(data.id, "id")
    actor = _some_id(data.actor, "actor")
    if data.kind is Kind.REACTION and actor and data.post is not None:
        return f"like:{actor}>{_id(data.post, 'post')}"
    if data.kind is Kind.FOLLOW and actor and data.target is not None:
        return f"{actor}>{_id(data.target, 'target')}"
    raise UnusableFact(
        "data.id: missing; only a reaction with actor and post and a follow with actor and target "
        "may go without"
    )


def _id(value: str | int, name: str) -> str:
    return Payload(value, f"data.{name}").id()


def _some_id(value: str | int | None, name: str) -> str | None:
    return None if value is None else _id(value, name)
