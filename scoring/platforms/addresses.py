"""Addresses of posts as people copy them: from a browser, an app, with whatever was hung onto them. Pure.

Law: two addresses of one post come to one name wherever the network lets that be seen; what is on a
network but names no post is refused with words for the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from scoring.platforms.moments import EARLIEST

MOST: Final = 2_000  # characters; the longest seen, with tracking, has some 600
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SHORTCODE: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class NotAPost(ValueError):
    """An address on this network that names no post; the message tells the person what to copy."""


@dataclass(frozen=True, slots=True)
class PostNamed:
    """A post as its address names it.

    `native_id`: as the network's other sources call it, as far as the address tells. `key`: the same
    for every address of the post on this network. `author`: who wrote it as the address says, lower
    case; None where it does not. `published_at`: where the id carries the moment. `twins_s`: where one
    post has several ids, how far apart in time those are at most.
    """

    native_id: str
    key: str
    address: str
    author: str | None = None
    published_at: datetime | None = None
    twins_s: float = 0.0

    def same(self, other: PostNamed) -> bool:
        """Whether both name one post, as two addresses of one author's on one network."""
        if self.key == other.key:
            return True
        if self.published_at is None or other.published_at is None:
            return False
        apart = abs((self.published_at - other.published_at).total_seconds())
        return apart <= min(self.twins_s, other.twins_s) and self.twins_s > 0


@dataclass(frozen=True, slots=True)
class Web:
    """A web address, taken apart: host in lower case without port, path by parts, the query."""

    host: str
    parts: tuple[str, ...]
    query: Mapping[str, str] = field(hash=False)

    @property
    def first(self) -> str:
        """The first part of the path in lower case, '' where there is none."""
        return self.parts[0].lower() if self.parts else ""

    def on(self, hosts: Iterable[str]) -> bool:
        """Whether it is on one of these hosts or below it, such as `m.` or `www.`."""
        return any(self.host == host or self.host.endswith(f".{host}") for host in hosts)


def web(text: str) -> Web | None:
    """What a person pasted as a web address; None for anything else. `https://` may be missing."""
    typed = text.strip().strip("<>\u200b\ufeff")
    if not typed or len(typed) > MOST or any(letter.isspace() for letter in typed):
        return None
    if "://" not in typed:
        if _SCHEME.match(typed) and not re.match(r"[^/:]+:[0-9]+(/|$)", typed):
            return None
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:  # such as a broken IPv6 address
        return None
    if parts.scheme.lower() not in ("http", "https") or "." not in host or not host.isascii():
        return None
    path = tuple(part for raw in parts.path.split("/") if (part := unquote(raw).strip()))
    if not all(part.isprintable() for part in path):
        return None
    # Some apps hang their tracking on without a question mark: /status/1&s=20.
    if path and "&" in path[-1]:
        path = (*path[:-1], path[-1].split("&", 1)[0])
    query = dict(reversed(parse_qsl(parts.query, max_num_fields=100))) if parts.query else {}
    return Web(host, path, query)


def since(milliseconds: int) -> datetime | None:
    """The moment in an id, in milliseconds since 1970; None where it cannot be one."""
    if not 0 < milliseconds < 2**42:  # the year 2109
        return None
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return at if at >= EARLIEST else None


def shortcode_moment(code: str) -> datetime | None:
    """When a medium of Instagram or Threads was made, by its shortcode: a number in 64 digits whose
    upper bits are milliseconds since 2011-08-24 (Instagram engineering, "Sharding & IDs", 2012)."""
    number = 0
    for letter in code[:11]:  # what follows in longer ones opens a private post
        value = _SHORTCODE.find(letter)
        if value < 0:
            return None
        number = number * 64 + value
    return since((number >> 23) + 1_314_220_021_721)


def digits(text: str, most: int = 20) -> str | None:
    """A decimal number as networks name things by, without leading noughts; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= most):
        return None
    return text.lstrip("0") or None


def after(parts: Sequence[str], *names: str) -> str | None:
    """The part of a path that follows the first of these names, whatever their case."""
    for n, part in enumerate(parts[:-1]):
        if part.lower() in names:
            return parts[n + 1]
    return None
