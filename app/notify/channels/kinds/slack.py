"""Slack: an incoming webhook with Block Kit.

Sources, read 2026-11-22: Slack's developer documentation, "Sending messages using incoming webhooks",
"Block Kit: header, section, context", "Text object" and "Formatting text for app surfaces". A message
has at most 50 blocks, a header 150 characters, a section 3,000; `&`, `<` and `>` are written as
entities in every text object. Reports in Slack's own tracker (bolt-js 2509) tell that blocks of more
than about 13,200 characters together are refused, so this stays well below.

Everything people wrote is `plain_text` without emoji names: no star, underline or @name in it means
anything. Screen readers and notifications read `text`, so all of it stands there, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from app.going_out import Networks, NotReachable, checked_url, in_networks
from app.notify.channels.kinds.kind import SAMPLE, TEST, Example, Kind
from app.notify.channels.said import Said, lines_within, plain, rest, shortened, size

MOST_BLOCKS: Final = 50
MOST_HEADER: Final = 150
MOST_SECTION: Final = 3000
MOST_TOGETHER: Final = 11_000
MOST_TEXT: Final = 3_900  # Slack cuts at 40,000 and advises to stay below 4,000

_HOSTS: Final = ("hooks.slack.com", "hooks.slack-gov.com")
_WEBHOOK: Final = re.compile(r"/services/(T[A-Z0-9]+)/(B[A-Z0-9]+)/[A-Za-z0-9]+")


def check(typed: str, networks: Networks) -> str:
    """The address of an incoming webhook; raises NotReachable."""
    url = checked_url(typed, networks)
    parts = urlsplit(url)
    if in_networks(url, networks):
        return url  # a relay of the company's own
    if parts.hostname not in _HOSTS:
        raise NotReachable("An address of Slack begins with https://hooks.slack.com/services/.")
    if parts.path.startswith(("/triggers/", "/workflows/")):
        raise NotReachable(
            "This starts a workflow of Slack, which takes no announcements. Use an incoming webhook."
        )
    if parts.scheme != "https" or parts.port or parts.query or not _WEBHOOK.fullmatch(parts.path):
        raise NotReachable("Copy the whole address: https://hooks.slack.com/services/T…/B…/….")
    return url


def shown(url: str) -> str:
    """The workspace and the webhook; what follows them is the secret."""
    parts = urlsplit(url)
    found = _WEBHOOK.fullmatch(parts.path)
    return (
        f"{parts.hostname} … {found[1]} / {found[2]} / ••••" if found else f"{parts.hostname}/••••"
    )


def message(said: Said) -> dict[str, Any]:
    """The message, within Slack's limits."""
    blocks = [_header(said.title), _section([said.lead])]
    if said.line:
        blocks.append(_section([f"“{said.line}”"]))
    used = sum(size(block["text"]["text"]) for block in blocks)
    # Titles of their own where there is room for all, else each above its lines.
    apart = 2 * len(said.chapters) + len(blocks) + 2 <= MOST_BLOCKS
    for index, chapter in enumerate(said.chapters):
        left = len(said.chapters) - index
        lines = chapter.lines if apart or not chapter.title else (chapter.title, *chapter.lines)
        made = [_header(chapter.title)] if apart and chapter.title else []
        made.append(_section(lines))
        more = sum(size(block["text"]["text"]) for block in made)
        full = len(blocks) + len(made) + (2 if left > 1 else 1) > MOST_BLOCKS
        if full or used + more > MOST_TOGETHER:
            blocks.append(_section([rest(left, "part")]))
            break
        blocks += made
        used += more
    about = _plain(_fitting(lambda most: shortened(said.footer, most), 300))
    link = {
        "type": "mrkdwn",
        "text": f"<{escaped(said.link)}|{escaped(said.link_words)}>",
        "verbatim": True,
    }
    blocks.append({"type": "context", "elements": [link, about]})
    return {
        "text": _fitting(lambda most: shortened(plain(said), most), MOST_TEXT),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": blocks,
    }


def escaped(text: str) -> str:
    """The three characters that Slack reads as control characters, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fitting(made: Callable[[int], str], most: int) -> str:
    """What is made for so many units, escaped, and still no more than that."""
    room = most
    while size(text := escaped(made(room))) > most:
        room -= max(1, (size(text) - most) // 5)  # an entity is up to five for one
    return text


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _header(text: str) -> dict[str, Any]:
    return {
        "type": "header",
        "text": _plain(_fitting(lambda most: shortened(text, most), MOST_HEADER)),
    }


def _section(lines: Sequence[str]) -> dict[str, Any]:
    def made(most: int) -> str:
        return "\n".join(lines_within(lines, most, each=min(most - 1, 600)))

    return {"type": "section", "text": _plain(_fitting(made, MOST_SECTION))}


def hopeless(status: int, said: str) -> str | None:
    """What Slack refuses for good ("Handling errors" of incoming webhooks, read 2026-11-22)."""
    gone = (
        "no_service",
        "no_team",
        "invalid_token",
        "no_active_hooks",
        "channel_not_found",
        "user_not_found",
    )
    if status in (404, 410) or any(word in said for word in gone):
        if "channel_is_archived" in said:
            return "The channel is archived in Slack. Open it again there, or add another channel here."
        return "Slack does not know this webhook any more. Make a new one there, then a new channel here."
    if "action_prohibited" in said or "posting_to_general_channel_denied" in said:
        return "Slack's administrators do not let this webhook write there. Ask them, then send it again."
    if status in (400, 403, 413):
        return "Slack refused the message. What it answered stands beside this."
    return None


def _text(kind: str, text: str) -> dict[str, Any]:
    return {"type": kind, "text": _plain(text)}


def _context(link: str, words: str) -> dict[str, Any]:
    return {
        "type": "context",
        "elements": [
            {"type": "mrkdwn", "text": f"<{link}|{words}>", "verbatim": True},
            _plain("Fanfare of Northwind"),
        ],
    }


KIND = Kind(
    name="slack",
    label="Slack",
    hint="A channel of your Slack workspace, by an incoming webhook.",
    by="web",
    field="Webhook address",
    steps=(
        "At api.slack.com/apps, create an app “from scratch” for your workspace.",
        "Open “Incoming Webhooks” and switch them on.",
        "Choose “Add New Webhook to Workspace”, pick the channel and allow it.",
        "Copy the webhook's address; it begins with https://hooks.slack.com/services/. It is a secret.",
    ),
    check=check,
    shown=shown,
    message=message,
    hopeless=hopeless,
    source="Slack developer documentation, Block Kit and incoming webhooks, read 2026-11-22",
    examples=(
        Example(
            "winners of two parts; markup in a line is only text",
            SAMPLE,
            {
                "text": (
                    "The winners of “Autumn answers”\n\nAnswered by the most people.\n\n"
                    "“Thank you &lt;all&gt; &amp; *well done*”\n\n"
                    "Starters\nFirst place: \u2068ليلى\u2069, 42 people, €200\nSecond place: A colleague\n\n"
                    "3 people were answered by 25 people\n\n"
                    "See all winners: https://fanfare.example.org/contests/autumn-answers\n\n"
                    "Fanfare of Northwind"
                ),
                "mrkdwn": False,
                "unfurl_links": False,
                "unfurl_media": False,
                "blocks": [
                    _text("header", "The winners of “Autumn answers”"),
                    _text("section", "Answered by the most people."),
                    _text("section", "“Thank you &lt;all&gt; &amp; *well done*”"),
                    _text("header", "Starters"),
                    _text(
                        "section",
                        "First place: \u2068ليلى\u2069, 42 people, €200\nSecond place: A colleague",
                    ),
                    _text("section", "3 people were answered by 25 people"),
                    _context("https://fanfare.example.org/contests/autumn-answers", "See all winners"),
                ],
            },
        ),
        Example(
            "a test",
            TEST,
            {
                "text": (
                    "A test from Fanfare\n\nIf you can read this, winners can be announced here.\n\n"
                    "Open Fanfare: https://fanfare.example.org/\n\nFanfare of Northwind"
                ),
                "mrkdwn": False,
                "unfurl_links": False,
                "unfurl_media": False,
                "blocks": [
                    _text("header", "A test from Fanfare"),
                    _text("section", "If you can read this, winners can be announced here."),
                    _context("https://fanfare.example.org/", "Open Fanfare"),
                ],
            },
        ),
    ),
)  # fmt: skip
