"""What Threads sends about a post, as facts.

Laws: accounts go by their names, because Threads gives no number of who acts; the flat envelope and
that of Meta's other products tell the same. Shapes: developers.facebook.com/docs/threads/webhooks,
read 2026-11-01 (three of its four examples are not JSON; what they mean is read here).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from scoring.facts import Engagement, Fact, Kind, Post, Removal, Telling
from scoring.platforms.meta import at_second
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload

# `@ada_works` in a text; the address of a mail is none.
_NAMED: Final = re.compile(r"(?<![\w.])@([a-z0-9_][a-z0-9._]{0,29})")


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Everything it tells. Raises UnusableFact."""
    parts = Parts()
    # What was answered, where the app may not see `replied_to`; it is the account's own post.
    about = whole["target_id"]
    if whole["values"].given or not whole["entry"].given:
        _take(whole["values"], whole, about, parts, received_at)
    for entry in whole["entry"]:
        parts.within(entry, partial(_entry, entry, about, parts, received_at))
    return parts.telling("an empty batch")


def _entry(entry: Payload, about: Payload, parts: Parts, received_at: datetime) -> None:
    for change in entry["changes"]:
        _take(change, entry, about, parts, received_at)


def _take(
    change: Payload, sent: Payload, about: Payload, parts: Parts, received_at: datetime
) -> None:
    parts.take(
        change, partial(_told, change, sent, about, received_at), lambda: change["field"].word()
    )


def _told(change: Payload, sent: Payload, about: Payload, received_at: datetime) -> Iterator[Fact]:
    sent_at = at_second(sent["time"], received_at)
    field, value = change["field"].word(), change["value"]
    if field == "delete":
        yield Removal(value["id"].id())
    elif field in ("replies", "mentions", "publish"):
        yield from _posted(field, value, about, sent_at, received_at)


def _posted(
    field: str, value: Payload, about: Payload, sent_at: datetime | None, received_at: datetime
) -> Iterator[Fact]:
    name, author = value["id"].id(), value["username"].id().lower()
    at = value["timestamp"].plausible_time(received_at) or sent_at
    answered, quoted, reposted = value["replied_to"], value["quoted_post"], value["reposted_post"]
    root = value["root_post"]
    thread = root["id"].id() if root.given else None

    def deed(kind: Kind, target: str | None, post: str | None = None) -> Engagement:
        return Engagement(kind, name, author, target, post=post, thread=thread, occurred_at=at)

    yield Post(
        name, author, at or received_at,
        text=value["text"].text() if value["text"].given else None,
        url=value["permalink"].link(),
        shares=next((one["id"].id() for one in (quoted, reposted) if one.given), None),
    )  # fmt: skip
    if reposted.given:
        yield deed(Kind.RESHARE, _owner(reposted), reposted["id"].id())
    replies = answered.given or field == "replies" or value["is_reply"].truth()
    if not answered.given and replies:
        yield deed(Kind.REPLY, None, about.id() if field == "replies" else None)
    elif answered.given:
        post = answered["id"].id()
        # Whose the root is, is told; whose an answer in between is, is not.
        target = _owner(root) if root.given and root["id"].id() == post else _owner(answered)
        yield deed(Kind.REPLY, target, post)
    if quoted.given:
        yield deed(Kind.QUOTE, _owner(quoted), quoted["id"].id())
    if not (replies or quoted.given or reposted.given):
        yield deed(Kind.POST, None)
    spared = {author, _owner(answered) if answered.given else None}
    if value["text"].given:
        for named in dict.fromkeys(_NAMED.findall(value["text"].text().lower())):
            if (mentioned := named.rstrip(".")) not in spared:
                yield deed(Kind.MENTION, mentioned)


def _owner(post: Payload) -> str | None:
    return post["username"].id().lower() if post["username"].given else None
