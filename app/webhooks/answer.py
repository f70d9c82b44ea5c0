"""What a network is answered: as little as it needs on success, a problem document (RFC 9457) else.

Law: an answer never quotes what was sent and never says how a signature should have looked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from litestar.types import Send

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers and a body, ready to be sent any number of times."""

    status: int
    body: bytes
    headers: Headers

    async def send(self, send: Send) -> None:
        """Send it over ASGI."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


def _headers(media_type: bytes, body: bytes, more: Headers) -> Headers:
    return (
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        *more,
    )


def plain(status: int, body: bytes, media_type: str) -> Answer:
    """An answer a protocol prescribes, such as that to a challenge."""
    return Answer(status, body, _headers(media_type.encode("latin-1"), body, ()))


def problem(
    status: int, title: str, detail: str, *, retry_after_s: int | None = None, more: Headers = ()
) -> Answer:
    """A refusal in words. `retry_after_s` asks the network to come again."""
    body = json.dumps(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        ensure_ascii=False,
    ).encode()
    if retry_after_s is not None:
        more = (*more, (b"retry-after", str(retry_after_s).encode()))
    return Answer(status, body, _headers(b"application/problem+json", body, more))


# Networks want a 200; the body is the least that every JSON reader takes.
THANKS = plain(200, b"{}", "application/json")

UNKNOWN_PLATFORM = problem(
    404, "Unknown network", "No network of this name delivers here; the address has a mistake."
)
# 503, not 404: networks that keep trying lose nothing until an administrator has set the secret.
NOT_SET_UP = problem(
    503,
    "Not set up",
    "This installation does not take deliveries of this network yet: an administrator must complete"
    " its settings; `fanfare doctor` says which.",
    retry_after_s=300,
)
NOT_VERIFIED = problem(
    401,
    "Not verified",
    "The signature is missing or does not fit. Compare the secret on both sides and sign the body"
    " as it is sent; where the scheme has a time, compare the clocks too.",
)
WRONG_LENGTH = problem(400, "Wrong length", "The Content-Length is not a number of bytes.")
INCOMPLETE = problem(
    400,
    "Incomplete",
    "The body broke off before its end.",
    more=((b"connection", b"close"),),
)
WRONG_QUERY = problem(400, "Wrong query", "The part of the address after '?' cannot be read.")
CHALLENGE_REFUSED = problem(
    400,
    "Challenge refused",
    "This is not a challenge as this network sends it; nothing was signed.",
)
# What Meta expects where its words are not ours.
NOT_OURS = problem(
    403,
    "Not ours",
    "The words that prove the asker are not those that are set here; nothing was signed.",
)
# What WebSub 5.3 prescribes for a subscription that nobody here asked for.
NOT_ASKED_FOR = problem(
    404, "Not asked for", "This subscription is none that this installation wants."
)
TOO_SLOW = problem(
    408, "Too slow", "The body did not arrive in time.", more=((b"connection", b"close"),)
)
TOO_LARGE = problem(
    413,
    "Too large",
    "A delivery may have 1 MiB (1,048,576 bytes).",
    more=((b"connection", b"close"),),
)
COME_AGAIN = problem(
    503,
    "Come again",
    "The delivery could not be stored just now and was not accepted. Please send it again.",
    retry_after_s=5,
)


def wrong_method(allowed: str) -> Answer:
    """405, with the methods that this address takes."""
    return problem(
        405,
        "Wrong method",
        f"This address takes {allowed.replace(', ', ' and ')}.",
        more=((b"allow", allowed.encode()),),
    )
