"""One question put to a network over HTTP, and what came back. Pure: somebody else carries them.

Law: an `Ask` says everything a network needs to hear but the person's token, which whoever goes out
adds last, so that no secret of a person stands in anything that is logged, stored or compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

_METHODS = frozenset({"GET", "POST"})
_MAX_URL = 8_000  # longest an ordinary web server reads
_NOTHING: Mapping[str, str] = MappingProxyType({})


class NoAsk(ValueError):
    """What was to be asked is no question that can be put; the message says why."""


class BadAnswer(ValueError):
    """An answer that says nothing usable; the message says what came instead, without its body."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP request: GET, or POST with a form. Header names are lower case. `form` is sent as
    `application/x-www-form-urlencoded`; None means no body. Raises NoAsk."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING, hash=False, repr=False)
    form: Mapping[str, str] | None = field(default=None, hash=False, repr=False)

    def __post_init__(self) -> None:
        if self.method not in _METHODS:
            raise NoAsk(f"the method is {self.method!r}, not one of {', '.join(sorted(_METHODS))}")
        if self.form is not None and self.method != "POST":
            raise NoAsk("a form is sent by POST")
        if len(self.url) > _MAX_URL or not self.url.isascii() or not self.url.isprintable():
            raise NoAsk("the address is too long or holds characters no address has")
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NoAsk("the address is no web address")
        if parts.username is not None or parts.fragment:
            raise NoAsk("the address carries a name or a fragment, which a question never does")
        for name, value in self.headers.items():
            if name != name.lower() or not (name + value).isprintable():
                raise NoAsk(f"the header {name!r} is not lower case or holds control characters")

    @property
    def origin(self) -> str:
        """Scheme, host and port, as `https://mastodon.example`: who is asked."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}".lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its status, its headers (names lower case) and its whole body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING, hash=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def good(self) -> bool:
        """Whether the network says it did what was asked."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body read as JSON. Raises BadAnswer."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "no type").split(";")[0]
            raise BadAnswer(
                f"the answer ({self.status}, {kind}, {len(self.body)} bytes) is not JSON"
            ) from None

    def retry_after_s(self, now: float) -> float | None:
        """Seconds the network asks us to wait by `Retry-After` (a number, or a date measured from
        `now` in Unix time); None where it says nothing that can be read (RFC 9110, 10.2.3)."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit() and len(said) < 10:
            return float(said)
        try:
            at = parsedate_to_datetime(said)
            return max(at.replace(tzinfo=at.tzinfo or UTC).timestamp() - now, 0.0)
        except (ValueError, TypeError, OverflowError):
            return None
