"""Comments and mentions of professional accounts as facts.

Law: the three documented envelopes tell the same: `entry[].changes[]`, `field` and `value` on the
entry itself (apps with Instagram login), either inside a list. Shapes:
developers.facebook.com/docs/instagram-platform/webhooks, read 2026-11-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from scoring.facts import Engagement, Fact, Kind, Telling
from scoring.platforms.meta import at_second
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Everything a batch tells. Raises UnusableFact."""
    parts = Parts()
    for batch in whole if whole.is_list else (whole,):
        parts.within(batch, partial(_batch, batch, parts, received_at))
    return parts.telling("an empty batch")


def _batch(batch: Payload, parts: Parts, received_at: datetime) -> None:
    if batch["object"].word() != "instagram":
        parts.passed(f"about a {batch['object'].word()}, not Instagram")
        return
    for entry in batch["entry"]:
        parts.within(entry, partial(_entry, entry, parts, received_at))


def _entry(entry: Payload, parts: Parts, received_at: datetime) -> None:
    account, sent_at = entry["id"].id(), at_second(entry["time"], received_at)
    if entry["messaging"].given or entry["standby"].given:
        parts.passed("messages to the account")
    for change in (entry,) if entry["field"].given else entry["changes"]:
        parts.take(change, partial(_told, change, account, sent_at), partial(_name, change))


def _name(change: Payload) -> str:
    return change["field"].word()


def _told(change: Payload, account: str, at: datetime | None) -> Iterator[Fact]:
    field, value = change["field"].word(), change["value"]
    if field in ("comments", "live_comments"):
        # A comment's number is `id` or `comment_id`, as the app's way of signing in has it.
        media, name = value["media"]["id"].id(), value.either("id", "comment_id").id()
        # An answer to a comment does not say whose comment that was; the post is the account's.
        parent = value["parent_id"]
        post, target = (parent.id(), None) if parent.given else (media, account)
        yield Engagement(
            Kind.REPLY, name, value["from"]["id"].id(), target, post=post, thread=media,
            occurred_at=at,
        )  # fmt: skip
    elif field == "mentions":
        media = value["media_id"].id()
        comment = value["comment_id"]
        name = comment.id() if comment.given else f"caption:{media}"
        yield Engagement(Kind.MENTION, name, None, account, post=media, occurred_at=at)
