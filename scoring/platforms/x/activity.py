"""X Activity API: one event a delivery. docs.x.com, x-api/activity/event-payloads, read 2026-08-22.

Law: an event type X has not told us about is kept as ignored with its name, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scoring.facts import Engagement, Fact, Kind, Removal, Snapshot, Telling, UnusableFact
from scoring.platforms.payload import Payload
from scoring.platforms.x.posts import (
    Mention,
    Reference,
    XPost,
    described_by,
    follow_name,
    like,
    mention,
    named,
    told_by,
)

# The deed each event type is about; `post.create` tells whatever the post is.
_POSTS: dict[str, Kind | None] = {
    "post.create": None,
    "post.mention.create": Kind.MENTION,
    "post.reply.create": Kind.REPLY,
    "post.quote.create": Kind.QUOTE,
    "post.repost.create": Kind.RESHARE,
}


def adapt(data: Payload, received_at: datetime) -> Telling:
    """Read `data` of the envelope."""
    event = data["event_type"].word()
    payload = data["payload"]
    if event in _POSTS:
        hearer = data["filter"]["user_id"]
        heard = Heard(_POSTS[event], hearer.id() if hearer.given else None)
        post = _post(payload, _included_names(data), heard, received_at)
        told = [*_told(post, heard), *_included_posts(data, received_at)]
        return Telling.of([*told, *_followers(data, post.published_at)])
    match event:
        case "post.delete":
            return Telling.of([Removal(payload["id"].id()), *_followers(data, None)])
        case "like.create":
            liked = _like(data, received_at)
            described = _included_posts(data, received_at)
            return Telling.of([liked, *described, *_followers(data, liked.occurred_at)])
        case "follow.follow":
            return Telling.of(_follow(data))
        case "follow.unfollow":
            source, target = (_unwrapped(payload[side])["id"].id() for side in ("source", "target"))
            return Telling.of([Removal(follow_name(source, target)), *_followers(data, None)])
        case "oauth.revoke":
            return Telling.nothing(
                "oauth.revoke: access was withdrawn on X; accounts are unlinked here"
            )
    return Telling.nothing(f"unknown event type {event}")


@dataclass(frozen=True, slots=True)
class Heard:
    """What X says the event is, and the subscribed account it was told to."""

    kind: Kind | None = None
    by: str | None = None


def _told(post: XPost, heard: Heard) -> Iterator[Fact]:
    told = list(told_by(post))
    if heard.kind is Kind.MENTION and heard.by is not None:
        # X says itself that this account was named by the author, wherever the name stands.
        if heard.by not in (post.author, post.answers.author if post.answers else None):
            told.append(mention(post, heard.by))
    elif heard.kind and not any(
        isinstance(fact, Engagement) and fact.kind is heard.kind for fact in told
    ):
        raise UnusableFact(f"data.payload: X calls this a {heard.kind} but names no other post")
    yield from told


def _included_names(data: Payload) -> dict[str, tuple[str, str]]:
    """What the posts that came along are called, and who wrote them."""
    return {
        post["id"].id(): (_named(post)[0], post["author_id"].id())
        for post in map(_unwrapped, data["includes"]["tweets"])
        if post["author_id"].given
    }


def _named(post: Payload) -> tuple[str, tuple[str, ...]]:
    return named(post["id"].id(), [one.id() for one in post["edit_history_tweet_ids"]])


def _post(
    payload: Payload,
    included: Mapping[str, tuple[str, str]],
    heard: Heard,
    received_at: datetime,
) -> XPost:
    author, text = payload["author_id"].id(), _text(payload)
    referred = {
        reference["type"].word(): reference["id"].id() for reference in payload["referenced_tweets"]
    }
    name, also = _named(payload)
    # A text of more than 280 characters has its own entities, beside those of its beginning.
    entities = payload["note_tweet"]["entities"].optional() or payload["entities"]
    mentions = tuple(_mentions(entities))

    def reference(name: str, of: Kind, post: str | None, known: str | None) -> Reference | None:
        post = referred.get(name, post)
        if post is None:
            return None
        post, found = included.get(post) or (post, known)
        if found is None and heard.kind is of and heard.by != author:
            found = heard.by  # told to the account it was done to
        return Reference(post, found)

    answered_post = payload["in_reply_to_tweet_id"].optional()
    answered = payload["in_reply_to_user_id"].optional()
    thread = payload["conversation_id"].optional()
    return XPost(
        id=name,
        also=also,
        author=author,
        text=text,
        published_at=payload["created_at"].time(received_at)
        if payload["created_at"].given
        else None,
        thread=thread.id() if thread else None,
        topics=tuple(topic for tag in entities["hashtags"] if (topic := tag["tag"].topic())),
        mentions=mentions,
        reposts=reference("retweeted", Kind.RESHARE, None, _reposted_author(text, mentions)),
        quotes=reference("quoted", Kind.QUOTE, None, None),
        answers=reference(
            "replied_to",
            Kind.REPLY,
            answered_post.id() if answered_post else None,
            answered.id() if answered else None,
        ),
    )


def _text(payload: Payload) -> str:
    long = payload["note_tweet"]["text"]
    if long.given:
        return long.text()
    return payload["text"].text() if payload["text"].given else ""


def _mentions(entities: Payload) -> Iterator[Mention]:
    for mentioned in entities["mentions"]:
        if mentioned["id"].given:
            start = mentioned["start"]
            yield Mention(mentioned["id"].id(), start.integer() if start.given else 0)


def _reposted_author(text: str, mentions: tuple[Mention, ...]) -> str | None:
    """A repost's text begins «RT @name: »; the account named there wrote the original."""
    if not text.startswith("RT @"):
        return None
    return next((named.account for named in mentions if named.start == len("RT ")), None)


def _like(data: Payload, received_at: datetime) -> Engagement:
    payload = data["payload"]
    author = payload["liked_tweet_author_id"].id()
    # `created_at` is the like's time in X's sample and the post's in its words; `timestamp_ms` is
    # clear.
    at = payload["timestamp_ms"]
    liked = payload["liked_tweet_id"].id()
    return like(
        _liker(data, author),
        _included_names(data).get(liked, (liked, author))[0],
        author,
        at.time(received_at) if at.given else None,
        payload.either("id", "timestamp_ms").id(),
    )


def _liker(data: Payload, author: str) -> str | None:
    """Who liked: the account we listen for when it is its own like, else the only other one X
    includes.

    X has no field for it; where more than one other account is included it stays unknown.
    """
    heard_by, direction = data["filter"]["user_id"], data["filter"]["direction"]
    if heard_by.given:
        outbound = direction.given and direction.word() == "outbound"
        if outbound or (not direction.given and heard_by.id() != author):
            return heard_by.id()
    others = {user["id"].id() for user in _included(data)} - {author}
    return others.pop() if len(others) == 1 else None


def _follow(data: Payload) -> Iterator[Fact]:
    source, target = (_unwrapped(data["payload"][side])["id"].id() for side in ("source", "target"))
    yield Engagement(Kind.FOLLOW, follow_name(source, target), source, target)
    yield from _followers(data, None)


def _followers(data: Payload, at: datetime | None) -> Iterator[Fact]:
    """Follower counts that came along, of the time of the event where X gives one."""
    sides = [_unwrapped(data["payload"][side]) for side in ("source", "target")]
    for user in [*_included(data), *(side for side in sides if side.given)]:
        followers = user["public_metrics"]["followers_count"]
        if followers.given:
            yield Snapshot(user["id"].id(), followers.count(), at)


def _included_posts(data: Payload, received_at: datetime) -> Iterator[Fact]:
    """Posts that came along, such as the liked one, where X includes enough to describe them."""
    for post in map(_unwrapped, data["includes"]["tweets"]):
        if post["author_id"].given and post["created_at"].given:
            described = described_by(_post(post, {}, Heard(), received_at))
            if described is not None:
                yield described


def _included(data: Payload) -> list[Payload]:
    return [_unwrapped(user) for user in data["includes"]["users"]]


def _unwrapped(member: Payload) -> Payload:
    """Members of `includes` are flat in most events and wrapped as `data` in some."""
    return member["data"] if member["data"].given else member
