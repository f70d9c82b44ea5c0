"""Microsoft Teams: the Workflows trigger "When a Teams webhook request is received", an Adaptive Card.

Sources, read 2026-11-22: Microsoft Learn, "Create and send messages" (Workflows take a `message` with
Adaptive Cards as attachments and no message cards; the older Office 365 connectors are retired),
"Post a workflow when a webhook request is received in Microsoft Teams", the schema of Adaptive Cards 1.5
(`TextRun`: "Markdown is not supported"), limits of Teams messages: 28 KB.

Everything people wrote stands in a `TextRun`, which reads no Markdown. Dates in double braces are the one
thing that it would read, so two braces never follow each other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from app.going_out import Networks, NotReachable, checked_url, in_networks
from app.notify.channels.kinds.kind import SAMPLE, TEST, Example, Kind
from app.notify.channels.said import Chapter, Said, lines_within, rest, shortened

MOST_BYTES: Final = 28_000  # Teams says 28 KB; whichever thousand that is
MOST_CHAPTER: Final = 3_000
_CARD: Final = "application/vnd.microsoft.card.adaptive"
# Where Power Automate runs workflows: since 2025 its own address, before that Logic Apps', with the
# clouds of governments and China.
_HOSTS: Final = (
    ".environment.api.powerplatform.com", ".environment.api.powerplatform.us",
    ".environment.api.powerplatform.cn", ".environment.api.gov.powerplatform.microsoft.us",
    ".environment.api.high.powerplatform.microsoft.us", ".logic.azure.com", ".logic.azure.us",
    ".logic.azure.cn",
)  # fmt: skip
_RETIRED: Final = (".webhook.office.com", "outlook.office.com", "outlook.office365.com")
_WORKFLOW: Final = re.compile(r"/workflows/([A-Za-z0-9]+)/triggers/[^/]+/paths/invoke")


def check(typed: str, networks: Networks) -> str:
    """The address of a workflow; raises NotReachable."""
    url = checked_url(typed, networks)
    if in_networks(url, networks):
        return url  # a relay of the company's own
    parts = urlsplit(url)
    host = f".{parts.hostname}"
    if host.endswith(_RETIRED):
        raise NotReachable(
            "This is a connector of Office 365, which Microsoft retired. Make a workflow as described here."
        )
    if not host.endswith(_HOSTS):
        raise NotReachable("This is not the address of a workflow of Teams; see the steps here.")
    if parts.scheme != "https" or not _WORKFLOW.search(parts.path) or "sig=" not in parts.query:
        raise NotReachable("Copy the whole address of the workflow, up to the end of its sig=….")
    return url


def shown(url: str) -> str:
    """The host and the beginning of the workflow's id; the signature is the secret."""
    parts = urlsplit(url)
    found = _WORKFLOW.search(parts.path)
    return f"{parts.hostname} … workflow {found[1][:6]}…" if found else f"{parts.hostname}/••••"


def message(said: Said) -> dict[str, Any]:
    """The message, within what Teams takes; of many parts as many as fit."""
    every = len(said.chapters)

    def made(left: int) -> dict[str, Any]:
        return _message(said, said.chapters[: every - left], left)

    # The fewest left out with which it fits; of none at all it always does.
    left = bisect_left(
        range(every), True, key=lambda left: len(msgspec.json.encode(made(left))) <= MOST_BYTES
    )
    return made(left)


def _message(said: Said, chapters: tuple[Chapter, ...], left: int) -> dict[str, Any]:
    body = [
        _text(shortened(said.title, 300), size="Large", weight="Bolder"),
        _text(shortened(said.lead, 500), spacing="Small"),
    ]
    if said.line:
        body.append(_text(f"“{shortened(said.line, 500)}”", italic=True))
    for chapter in chapters:
        if chapter.title:
            body.append(_text(shortened(chapter.title, 300), weight="Bolder", separator=True))
        for number, line in enumerate(lines_within(chapter.lines, MOST_CHAPTER)):
            body.append(_text(line, spacing="Small" if number or chapter.title else "Medium"))
    if left:
        body.append(_text(rest(left, "part")))
    body.append(_text(shortened(said.footer, 300), size="Small", subtle=True))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": _unread(shortened(f"{said.title}. {said.link}", 500)),
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": said.link_words, "url": said.link}],
        "msteams": {"width": "Full"},
    }
    return {
        "type": "message",
        "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}],
    }


def _text(
    text: str, *, size: str | None = None, weight: str | None = None, spacing: str | None = None,
    italic: bool = False, subtle: bool = False, separator: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """A paragraph in which nothing is markup."""
    run: dict[str, Any] = {"type": "TextRun", "text": _unread(text)}
    run |= {name: value for name, value in (("size", size), ("weight", weight)) if value}
    run |= {name: True for name, on in (("italic", italic), ("isSubtle", subtle)) if on}
    block: dict[str, Any] = {"type": "RichTextBlock", "inlines": [run]}
    if spacing:
        block["spacing"] = spacing
    if separator:
        block["separator"] = True
    return block


def _unread(text: str) -> str:
    """Text in which no date is looked for."""
    return text.replace("{{", "{\u2060{").replace("{{", "{\u2060{")


def hopeless(status: int, said: str) -> str | None:
    """What Power Automate refuses for good."""
    if status in (404, 410) or "WorkflowNotFound" in said:
        return (
            "The workflow is gone in Teams. Make a new one there and add it here as a new channel."
        )
    if status in (401, 403):
        return (
            "Teams does not accept this address: its signature was replaced, or the workflow asks for a "
            "sign-in. Let “Anyone” trigger it, or add its new address as a new channel."
        )
    if "WorkflowTriggerIsNotEnabled" in said or "disabled" in said.lower():
        return "The workflow is switched off in Power Automate. Switch it on there, then send it again."
    if status in (400, 413):
        return "Teams refused the message. What it answered stands beside this."
    return None


KIND = Kind(
    name="teams",
    label="Microsoft Teams",
    hint="A channel or chat of Teams, by a workflow that takes webhook requests.",
    by="web",
    field="Address of the workflow",
    steps=(
        "In Teams, open the menu “…” of the channel and choose “Workflows”.",
        "Choose the template that sends webhook alerts to a channel (its trigger is “When a Teams webhook "
        "request is received”), and give it a name.",
        "Pick the team and the channel, and save. Where it asks who can trigger it, choose “Anyone”.",
        "Copy the address it shows, with everything behind the question mark. It is a secret.",
        "Give the workflow a second owner: without an owner Microsoft switches it off.",
    ),
    check=check,
    shown=shown,
    message=message,
    hopeless=hopeless,
    source="Microsoft Learn, Workflows webhooks and Adaptive Cards 1.5, read 2026-11-22",
    examples=(
        Example(
            "winners of two parts; markup in a line is only text",
            SAMPLE,
            {
                "type": "message",
                "attachments": [
                    {
                        "contentType": _CARD,
                        "contentUrl": None,
                        "content": {
                            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                            "type": "AdaptiveCard",
                            "version": "1.5",
                            "fallbackText": "The winners of “Autumn answers”. https://fanfare.example.org/contests/autumn-answers",
                            "body": [
                                _text("The winners of “Autumn answers”", size="Large", weight="Bolder"),
                                _text("Answered by the most people.", spacing="Small"),
                                _text("“Thank you <all> & *well done*”", italic=True),
                                _text("Starters", weight="Bolder", separator=True),
                                _text("First place: \u2068ليلى\u2069, 42 people, €200", spacing="Small"),
                                _text("Second place: A colleague", spacing="Small"),
                                _text("3 people were answered by 25 people", spacing="Medium"),
                                _text("Fanfare of Northwind", size="Small", subtle=True),
                            ],
                            "actions": [
                                {
                                    "type": "Action.OpenUrl",
                                    "title": "See all winners",
                                    "url": "https://fanfare.example.org/contests/autumn-answers",
                                }
                            ],
                            "msteams": {"width": "Full"},
                        },
                    }
                ],
            },
        ),
        Example(
            "a test",
            TEST,
            {
                "type": "message",
                "attachments": [
                    {
                        "contentType": _CARD,
                        "contentUrl": None,
                        "content": {
                            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                            "type": "AdaptiveCard",
                            "version": "1.5",
                            "fallbackText": "A test from Fanfare. https://fanfare.example.org/",
                            "body": [
                                _text("A test from Fanfare", size="Large", weight="Bolder"),
                                _text(TEST.lead, spacing="Small"),
                                _text("Fanfare of Northwind", size="Small", subtle=True),
                            ],
                            "actions": [
                                {"type": "Action.OpenUrl", "title": "Open Fanfare", "url": "https://fanfare.example.org/"}
                            ],
                            "msteams": {"width": "Full"},
                        },
                    }
                ],
            },
        ),
    ),
)  # fmt: skip
