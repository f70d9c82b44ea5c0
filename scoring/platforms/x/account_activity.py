"""Account Activity API, X's older one: several events a delivery, posts in the v1.1 form.

Law: an event that cannot be read is named in the reason and keeps none of the others from counting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from scoring.facts import Engagement, Fact, Kind, Removal, Snapshot, Telling, UnusableFact
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload
from scoring.platforms.x.posts import (
    Mention,
    Reference,
    XPost,
    described_by,
    follow_name,
    like,
    named,
    told_by,
)

_Reader = Callable[[Payload, datetime], Iterator[Fact]]


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Read every event of a delivery."""
    parts = Parts()
    known = [name for name in whole.names() if name in _READERS]
    nothing = f"{', '.join(known)}: nothing in it that counts"
    for name in known:
        events = whole[name]
        parts.within(events, partial(_events, events, name, nothing, parts, received_at))
    if known:
        return parts.telling(nothing)
    others = [name for name in whole.names() if name not in _ABOUT_THE_DELIVERY]
    if others and all(name in _NOT_SCORED for name in others):
        return Telling.nothing(f"{', '.join(others)}: not scored")
    return Telling.nothing(f"unknown event type {', '.join(others[:5]) or '(none)'}")


def _events(events: Payload, name: str, nothing: str, parts: Parts, received_at: datetime) -> None:
    for event in events:
        parts.take(event, partial(_READERS[name], event, received_at), lambda: nothing)


def _posted(event: Payload, received_at: datetime) -> Iterator[Fact]:
    if event["user"]["protected"].truth():
        return  # for the author's followers only: nothing of it is kept
    yield from told_by(_post(event, received_at))
    at = _published_at(event, received_at)
    for status in (event, event["retweeted_status"], event["quoted_status"]):
        yield from _followers(status["user"], at)
    for embedded in (event["retweeted_status"], event["quoted_status"]):
        yield from _described(embedded, received_at)


def _liked(event: Payload, received_at: datetime) -> Iterator[Fact]:
    status, user = event["favorited_status"], event["user"]
    if status["user"]["protected"].truth():
        return
    # Only `timestamp_ms` is surely the like's own time; see the Activity API's like.
    at = event["timestamp_ms"].time(received_at) if event["timestamp_ms"].given else None
    yield like(_id(user), _named(status)[0], _id(status["user"]), at, event["id"].id())
    yield from _described(status, received_at)
    yield from _followers(user, at)
    yield from _followers(status["user"], at)


def _followed(event: Payload, received_at: datetime) -> Iterator[Fact]:
    source, target = _id(event["source"]), _id(event["target"])
    at = event.either("created_timestamp", "timestamp_ms")
    occurred_at = at.time(received_at) if at.given else None
    name = follow_name(source, target)
    match event["type"].word():
        case "follow":
            yield Engagement(Kind.FOLLOW, name, source, target, occurred_at=occurred_at)
        case "unfollow":
            yield Removal(name)
        case other:
            raise UnusableFact(f"{event['type'].path}: expected follow or unfollow, got {other}")
    yield from _followers(event["source"], occurred_at)
    yield from _followers(event["target"], occurred_at)


def _deleted(event: Payload, received_at: datetime) -> Iterator[Fact]:
    yield Removal(_id(event["status"]))


_READERS: dict[str, _Reader] = {
    "tweet_create_events": _posted,
    "favorite_events": _liked,
    "follow_events": _followed,
    "tweet_delete_events": _deleted,
}
# Documented event lists that are nobody's business here (docs.x.com, read 2026-08-22).
_NOT_SCORED = frozenset({
    "block_events", "mute_events", "user_event", "direct_message_events",
    "direct_message_indicate_typing_events", "direct_message_mark_read_events", "replay_job_status",
})  # fmt: skip
# Members that only say to whom a delivery is addressed or help to read it.
_ABOUT_THE_DELIVERY = frozenset({"for_user_id", "user_has_blocked", "users", "apps"})


def _post(status: Payload, received_at: datetime) -> XPost:
    longer = status["extended_tweet"] if status["extended_tweet"].given else status
    text = longer.either("full_text", "text")
    answered_post = status.either("in_reply_to_status_id_str", "in_reply_to_status_id")
    answered = status.either("in_reply_to_user_id_str", "in_reply_to_user_id")
    name, also = _named(status)
    return XPost(
        id=name,
        also=also,
        author=_id(status["user"]),
        text=text.text() if text.given else "",
        published_at=_published_at(status, received_at),
        thread=None,  # the older form does not name the conversation
        topics=tuple(
            topic for tag in longer["entities"]["hashtags"] if (topic := tag["text"].topic())
        ),
        mentions=tuple(_mentions(longer["entities"])),
        reposts=_embedded(status["retweeted_status"]),
        quotes=_embedded(status["quoted_status"]) or _quoted(status),
        answers=Reference(answered_post.id(), answered.id() if answered.given else None)
        if answered_post.given
        else None,
    )


def _published_at(status: Payload, received_at: datetime) -> datetime | None:
    at = status.either("created_at", "timestamp_ms")
    return at.time(received_at) if at.given else None


def _embedded(status: Payload) -> Reference | None:
    return Reference(_named(status)[0], _id(status["user"])) if status.given else None


def _quoted(status: Payload) -> Reference | None:
    quoted = status.either("quoted_status_id_str", "quoted_status_id")
    return Reference(quoted.id(), None) if quoted.given else None


def _mentions(entities: Payload) -> Iterator[Mention]:
    for mentioned in entities["user_mentions"]:
        if mentioned.either("id_str", "id").given:
            start = next(iter(mentioned["indices"]), None)
            yield Mention(_id(mentioned), start.integer() if start else 0)


def _described(status: Payload, received_at: datetime) -> Iterator[Fact]:
    """A post that came along inside another event."""
    if status.given and not status["user"]["protected"].truth():
        described = described_by(_post(status, received_at))
        if described is not None:
            yield described


def _followers(user: Payload, at: datetime | None) -> Iterator[Fact]:
    if user["followers_count"].given:
        yield Snapshot(_id(user), user["followers_count"].count(), at)


def _named(status: Payload) -> tuple[str, tuple[str, ...]]:
    versions = status["edit_history"]["edit_tweet_ids"]
    return named(_id(status), [one.id() for one in versions])


def _id(member: Payload) -> str:
    """Ids come as text and as a number; the text is exact in every reader."""
    return member.either("id_str", "id").id()
