"""`/admin/messages`: every message that Fanfare writes, to whom, by which way and in which language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import has_role
from app.notify.channels import channel_kinds
from app.notify.mail import mail_server
from app.pages.fragment import page
from rewards import MESSAGES, Message


@get("/admin/messages", guards=[has_role("administrator")])
async def every_message(request: Request[Any, Any, Any]) -> Response[Any]:
    """Every message, its recipient, channels, default and language."""
    said = [(message, message.said(_sample(message))) for message in MESSAGES.values()]
    context = {
        "messages": said,
        "kinds": list(channel_kinds().values()),
        "mail": mail_server(request.app.state.settings) is not None,
    }
    return page(request, "admin/messages.html", context)


def _sample(message: Message) -> Mapping[str, object]:
    """What a sentence could be made with."""
    of_contest = "contest" in message.needs
    return {
        "contest": "Autumn answers",
        "slug": "autumn-answers",
        "amount": "€25",
        "change": "(what changes, in a sentence)",
        "reason": "(the reason, in words)",
        "until": "6 December 2026",
        "network": "LinkedIn",
        "on": "start" if of_contest else "24 December 2026",
        "count": 3,
        "about": "About a line of your points:",
        "outcome": "it was put right.",
    }


HANDLERS: Final = (every_message,)
