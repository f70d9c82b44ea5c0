"""What Slack and Teams take, written from their documentation (read 2026-11-22), as checks.

Slack: "Block Kit", blocks header, section and context, text object; "Sending messages using incoming
webhooks". Teams: "Create and send messages" with Workflows, and the schema of Adaptive Cards 1.5 for the
elements that are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Header = Annotated[str, Meta(min_length=1, max_length=150)]
Section = Annotated[str, Meta(min_length=1, max_length=3000)]


class Plain(Struct, forbid_unknown_fields=True, tag="plain_text"):
    text: Section
    emoji: bool = True


class Mrkdwn(Struct, forbid_unknown_fields=True, tag="mrkdwn"):
    text: Section
    verbatim: bool = False


class HeaderText(Struct, forbid_unknown_fields=True, tag="plain_text"):
    text: Header
    emoji: bool = True


class HeaderBlock(Struct, forbid_unknown_fields=True, tag="header"):
    text: HeaderText


class SectionBlock(Struct, forbid_unknown_fields=True, tag="section"):
    text: Plain | Mrkdwn


class ContextBlock(Struct, forbid_unknown_fields=True, tag="context"):
    elements: Annotated[list[Plain | Mrkdwn], Meta(min_length=1, max_length=10)]


class SlackMessage(Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=4000)]
    blocks: Annotated[list[HeaderBlock | SectionBlock | ContextBlock], Meta(max_length=50)]
    mrkdwn: bool
    unfurl_links: bool
    unfurl_media: bool


class TextRun(Struct, forbid_unknown_fields=True, rename="camel"):
    type: Literal["TextRun"]
    text: Annotated[str, Meta(min_length=1)]
    size: Literal["Default", "Small", "Medium", "Large", "ExtraLarge"] = "Default"
    weight: Literal["Default", "Lighter", "Bolder"] = "Default"
    italic: bool = False
    is_subtle: bool = False


class RichTextBlock(Struct, forbid_unknown_fields=True):
    type: Literal["RichTextBlock"]
    inlines: Annotated[list[TextRun], Meta(min_length=1)]
    spacing: Literal["Default", "None", "Small", "Medium", "Large"] = "Default"
    separator: bool = False


class OpenUrl(Struct, forbid_unknown_fields=True):
    type: Literal["Action.OpenUrl"]
    title: str
    url: Annotated[str, Meta(pattern="^https?://")]


class Width(Struct, forbid_unknown_fields=True):
    width: Literal["Full"]


class Card(Struct, forbid_unknown_fields=True, rename="camel"):
    schema: Literal["http://adaptivecards.io/schemas/adaptive-card.json"] = msgspec.field(
        name="$schema"
    )
    type: Literal["AdaptiveCard"]
    version: Literal["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]
    body: list[RichTextBlock]
    actions: list[OpenUrl]
    fallback_text: str
    msteams: Width


class Attachment(Struct, forbid_unknown_fields=True, rename="camel"):
    content_type: Literal["application/vnd.microsoft.card.adaptive"]
    content_url: None
    content: Card


class TeamsMessage(Struct, forbid_unknown_fields=True):
    type: Literal["message"]
    attachments: Annotated[list[Attachment], Meta(min_length=1, max_length=1)]


def check_slack(payload: Any) -> SlackMessage:
    """Raises msgspec.ValidationError for what Slack would refuse."""
    return msgspec.json.decode(msgspec.json.encode(payload), type=SlackMessage)


def check_teams(payload: Any) -> TeamsMessage:
    """Raises msgspec.ValidationError for what Teams would refuse."""
    return msgspec.json.decode(msgspec.json.encode(payload), type=TeamsMessage)


def texts_of_teams(payload: Any) -> Iterator[str]:
    """Every text of a card."""
    card = payload["attachments"][0]["content"]
    yield card["fallbackText"]
    for block in card["body"]:
        for run in block["inlines"]:
            yield run["text"]
