"""What people do with the posts of a company page, as facts.

Law: a comment has one name, however its URN is written. Shapes: LinkedIn's documentation of
ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS, read 2026-11-01; those of likes and shares are not documented there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from scoring.facts import Engagement, Fact, Kind, Removal, Telling
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload

_TYPE: Final = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
# `(activity:1,2)` in one place is `(urn:li:activity:1,2)` in another; who liked may be written so, too.
_SHORT: Final = re.compile(r"\((?=(?:activity|share|ugcPost):)")
_DOER: Final = re.compile(
    r"urn:li:(?:like|reaction):\((?:urn:li:)?((?:person|organization):[^,()]+),.*\)"
)


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Everything a delivery of up to ten notifications tells. Raises UnusableFact."""
    kind = whole["type"].word()
    if kind != _TYPE:
        return Telling.nothing(kind)
    parts = Parts()
    for one in whole["notifications"]:
        parts.take(one, partial(_told, one, received_at), partial(_name, one))
    return parts.telling("no notifications")


def _name(notification: Payload) -> str:
    return notification["action"].word()


def _told(notification: Payload, received_at: datetime) -> Iterator[Fact]:
    action, page = notification["action"].word(), notification["organizationalEntity"].id()
    at = notification["lastModifiedAt"].plausible_time(received_at)
    made, made_of = notification["generatedActivity"], notification["decoratedGeneratedActivity"]
    shown = notification["decoratedSourcePost"]["entity"]
    source = notification["sourcePost"]
    # The URN of the share, by which polls and people name a post; of the activity where it lacks.
    post = shown.id() if shown.given else source.id() if source.given else None
    match action:
        case "LIKE":
            found = _DOER.fullmatch(made.id()) if made.given else None
            doer = f"urn:li:{found[1]}" if found else None
            name = f"like:{doer}>{post}" if doer else f"like#{notification['notificationId'].id()}"
            yield Engagement(
                Kind.REACTION, name, doer, page, post=post, thread=post, occurred_at=at
            )
        case "COMMENT" | "ADMIN_COMMENT" | "COMMENT_EDIT":
            yield Engagement(
                Kind.REPLY, _comment(made), _owner(made_of["comment"]), page, post=post,
                thread=post,
                # When it was edited is not when it was written.
                occurred_at=None if action == "COMMENT_EDIT" else at,
            )  # fmt: skip
        case "COMMENT_DELETE":
            yield Removal(_comment(made))
        case "SHARE":
            yield Engagement(
                Kind.RESHARE, made.id(), _owner(made_of["share"]), page, post=post, occurred_at=at
            )
        case "SHARE_MENTION":
            yield Engagement(
                Kind.MENTION, made.id(), _owner(made_of["share"]), page, occurred_at=at
            )


def _owner(thing: Payload) -> str | None:
    return thing["owner"].id() if thing["owner"].given else None


def _comment(urn: Payload) -> str:
    return _SHORT.sub("(urn:li:", urn.id())
