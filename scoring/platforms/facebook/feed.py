"""The page's `feed` and `mention` changes as facts.

Law: whatever the order, an addition and its removal name the same deed. Shapes:
developers.facebook.com/docs/graph-api/webhooks/reference/page, read 2026-11-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from scoring.facts import Engagement, Fact, Kind, Post, Removal, Telling
from scoring.platforms.meta import at_second
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload

# A post of the page by what it holds; Facebook has a word for each.
_POSTS: Final = frozenset({"album", "event", "link", "milestone", "note", "photo", "picture", "post",
                           "status", "story", "video"})  # fmt: skip
# A changed reaction is the same reaction; an edited comment or post the same comment or post.
_ADDED: Final = frozenset({"add", "edit", "edited", "update"})
_REMOVED: Final = frozenset({"remove", "delete"})


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Everything a batch tells. Raises UnusableFact."""
    if whole["object"].word() != "page":
        return Telling.nothing(f"about a {whole['object'].word()}, not a page")
    parts = Parts()
    for entry in whole["entry"]:
        parts.within(entry, partial(_entry, entry, parts, received_at))
    return parts.telling("an empty batch")


def _entry(entry: Payload, parts: Parts, received_at: datetime) -> None:
    page, sent_at = entry["id"].id(), at_second(entry["time"], received_at)
    if entry["messaging"].given or entry["standby"].given:
        parts.passed("messages to the page")
    for field in entry["changed_fields"]:
        parts.passed(f"{field.word()} without its values: switch include_values on")
    for change in entry["changes"]:
        parts.take(
            change, partial(_told, change, page, sent_at, received_at), partial(_named, change)
        )


def _named(change: Payload) -> str:
    value = change["value"]
    words = [change["field"], value["item"], value["verb"]]
    return " ".join(word.word() for word in words if word.given)


def _told(
    change: Payload, page: str, sent_at: datetime | None, received_at: datetime
) -> Iterator[Fact]:
    field, value = change["field"].word(), change["value"]
    at = at_second(value["created_time"], received_at) or sent_at
    if field == "mention":
        yield from _mentioned(value, page, at)
    elif field == "feed":
        item, verb = value["item"].word(), value["verb"].word()
        if verb in _REMOVED:
            yield from _removed(item, value)
        elif verb in _ADDED:
            yield from _added(item, value, page, at, received_at)


def _added(
    item: str, value: Payload, page: str, at: datetime | None, received_at: datetime
) -> Iterator[Fact]:
    match item:
        case "reaction" | "like" if value["post_id"].given:
            # A changed reaction tells when it was changed, not when it was made.
            made_at = at if value["verb"].word() == "add" else None
            yield from _done(Kind.REACTION, _reaction(value), value, page, made_at)
        case "comment":
            yield from _done(Kind.REPLY, value["comment_id"].id(), value, page, at)
        case "share":
            yield from _shared(value, page, at, received_at)
        case _ if item in _POSTS:
            yield from _posted(value, page, at, received_at)


def _done(kind: Kind, name: str, value: Payload, page: str, at: datetime | None) -> Iterator[Fact]:
    """A reaction or comment, on the page's post or on somebody's comment under it."""
    actor, parent, post = _actor(value), _parent(value), value["post_id"].id()
    # Whose a comment is, what is done to it does not say. Without a doer there is no deed to name.
    target = page if parent == post else None
    if actor is not None:
        yield Engagement(kind, name, actor, target, post=parent, thread=post, occurred_at=at)


def _shared(
    value: Payload, page: str, at: datetime | None, received_at: datetime
) -> Iterator[Fact]:
    """A share by the page says what by its address alone; one by others is of the page's post."""
    actor, name, link = _actor(value), value["post_id"].id(), value["link"].link()
    if actor == page:
        yield Engagement(Kind.RESHARE, name, page, None, post=link, occurred_at=at)
        yield Post(name, page, at or received_at, text=_text(value), shares=link)
    elif actor is not None:
        yield Engagement(Kind.RESHARE, name, actor, page, post=link, occurred_at=at)


def _posted(
    value: Payload, page: str, at: datetime | None, received_at: datetime
) -> Iterator[Fact]:
    actor, name = _actor(value), value["post_id"].id()
    if actor not in (None, page):  # somebody wrote on the page's wall
        yield Engagement(Kind.MENTION, name, actor, page, occurred_at=at)
        return
    if value["published"].given and not value["published"].integer():
        return
    yield Engagement(Kind.POST, name, page, None, occurred_at=at)
    yield Post(
        name, page, at or received_at, text=_text(value), url=value["post"]["permalink_url"].link()
    )


def _mentioned(value: Payload, page: str, at: datetime | None) -> Iterator[Fact]:
    name = value.either("comment_id", "post_id").id()
    if value["verb"].given and value["verb"].word() in _REMOVED:
        yield Removal(name)
    else:
        yield Engagement(Kind.MENTION, name, None, page, occurred_at=at)


def _removed(item: str, value: Payload) -> Iterator[Fact]:
    if item in ("reaction", "like"):
        if value["post_id"].given and _actor(value) is not None:
            yield Removal(_reaction(value))
    elif item == "comment":
        yield Removal(value["comment_id"].id())
    elif item == "share" or item in _POSTS:
        yield Removal(value["post_id"].id())


def _reaction(value: Payload) -> str:
    """One reaction a person and thing: another type is the same reaction."""
    return f"reaction:{_actor(value)}>{_parent(value)}"


def _parent(value: Payload) -> str:
    return value.either("parent_id", "post_id").id()


def _actor(value: Payload) -> str | None:
    """Who: absent without the permission to see people; `sender_id` and `user_id` before v2.11."""
    who = value["from"]["id"] if value["from"].given else value.either("sender_id", "user_id")
    return who.id() if who.given else None


def _text(value: Payload) -> str | None:
    return value["message"].text() if value["message"].given else None
