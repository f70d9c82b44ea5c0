"""What a record says: a post, a like, a repost, a follow. Pure.

Law: a record is somebody's input. What it points to counts only where it is an address of a post.
Source: the lexicons app.bsky.feed and app.bsky.graph, read 2026-11-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from scoring.facts import Engagement, Fact, Kind, Post
from scoring.platforms.bluesky.names import Address, address_of, did_of
from scoring.platforms.payload import Payload

POST: Final = "app.bsky.feed.post"
LIKE: Final = "app.bsky.feed.like"
REPOST: Final = "app.bsky.feed.repost"
FOLLOW: Final = "app.bsky.graph.follow"
COLLECTIONS: Final = frozenset({POST, LIKE, REPOST, FOLLOW})


def told_by(
    record: Payload, name: Address, at: datetime | None, received_at: datetime
) -> Iterator[Fact]:
    """All facts of one record."""
    match name.collection:
        case "app.bsky.feed.post":
            yield from _posted(record, name, at, received_at)
        case "app.bsky.feed.like":
            yield from _done_to(Kind.REACTION, record, name, at)
        case "app.bsky.feed.repost":
            yield from _done_to(Kind.RESHARE, record, name, at)
        case "app.bsky.graph.follow":
            if (followed := did_of(record["subject"].id())) is not None:
                yield Engagement(Kind.FOLLOW, str(name), name.did, followed, occurred_at=at)


def _done_to(kind: Kind, record: Payload, name: Address, at: datetime | None) -> Iterator[Fact]:
    post = _post(record["subject"])
    if post is not None:
        yield Engagement(kind, str(name), name.did, post.did, post=str(post), occurred_at=at)


def _posted(
    record: Payload, name: Address, at: datetime | None, received_at: datetime
) -> Iterator[Fact]:
    answered = _post(record["reply"]["parent"])
    root = _post(record["reply"]["root"])
    quoted = _quoted(record["embed"])
    thread = str(root) if root else None

    def deed(kind: Kind, target: str | None, post: Address | None = None) -> Engagement:
        return Engagement(
            kind, str(name), name.did, target, post=str(post) if post else None, thread=thread,
            occurred_at=at,
        )  # fmt: skip

    yield Post(
        str(name), name.did, at or received_at,
        text=record["text"].text() if record["text"].given else None,
        url=f"https://bsky.app/profile/{name.did}/post/{name.key}",
        topics=tuple(dict.fromkeys(_topics(record))),
        shares=str(quoted) if quoted else None,
    )  # fmt: skip
    if answered:
        yield deed(Kind.REPLY, answered.did, answered)
    if quoted:
        yield deed(Kind.QUOTE, quoted.did, quoted)
    if not answered and not quoted:
        yield deed(Kind.POST, None)
    spared = {name.did, answered.did if answered else None}
    for mentioned in dict.fromkeys(_mentions(record)):
        if mentioned not in spared:
            yield deed(Kind.MENTION, mentioned)


def _post(reference: Payload) -> Address | None:
    """The post a reference points to; None for nothing, a list, a feed, an address of another kind."""
    if not reference["uri"].given:
        return None
    address = address_of(reference["uri"].id())
    return address if address and address.collection == POST else None


def _quoted(embed: Payload) -> Address | None:
    if not embed["record"].given:
        return None
    # With pictures beside it the quoted post lies one step deeper.
    inner = embed["record"]["record"]
    return _post(inner if inner.given else embed["record"])


def _features(record: Payload, kind: str) -> Iterator[Payload]:
    for facet in record["facets"]:
        for feature in facet["features"]:
            if feature["$type"].word() == f"app.bsky.richtext.facet#{kind}":
                yield feature


def _topics(record: Payload) -> Iterator[str]:
    tags = [feature["tag"] for feature in _features(record, "tag")]
    found = (tag.topic() for tag in (*tags, *record["tags"]))
    return (topic for topic in found if topic is not None)


def _mentions(record: Payload) -> Iterator[str]:
    found = (did_of(feature["did"].id()) for feature in _features(record, "mention"))
    return (did for did in found if did is not None)
