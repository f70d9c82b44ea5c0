"""Comments and mentions of professional accounts as facts.

Law: the three documented envelopes tell the same: `entry[].changes[]`, `field` and `value` on the
entry itself (apps with Instagram login), either inside a list. Shapes:
developers.facebook.com/docs/instagram-platform/webhooks, read 2026-11-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from scoring.facts import Engagement, Fact, Kind, Telling
from scoring.platforms.meta import at_second
from scoring.platforms.payload import Payload


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Everything a batch tells. Raises UnusableFact."""
    facts: list[Fact] = []
    passed: list[str] = []
    for batch in whole if whole.is_list else (whole,):
        if batch["object"].word() != "instagram":
            passed.append(f"about a {batch['object'].word()}, not Instagram")
            continue
        for entry in batch["entry"]:
            account, sent_at = entry["id"].id(), at_second(entry["time"], received_at)
            if entry["messaging"].given or entry["standby"].given:
                passed.append("messages to the account")
            for change in (entry,) if entry["field"].given else entry["changes"]:
                field = change["field"].word()
                told = list(_told(field, change["value"], account, sent_at))
                facts += told
                if not told:
                    passed.append(field)
    if not facts:
        return Telling.nothing("; ".join(dict.fromkeys(passed)) or "an empty batch")
    return Telling.of(facts)


def _told(field: str, value: Payload, account: str, at: datetime | None) -> Iterator[Fact]:
    if field in ("comments", "live_comments"):
        media, name = value["media"]["id"].id(), value["id"].id()
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
