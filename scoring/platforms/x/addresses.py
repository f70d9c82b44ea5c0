"""Addresses of posts on X: by the number of the status, whoever's name stands before it."""

from __future__ import annotations

import re
from typing import Final

from scoring.platforms.addresses import NotAPost, PostNamed, after, digits, since, web

HOSTS: Final = ("x.com", "twitter.com")
_SHORT: Final = ("t.co",)
_HANDLE: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_NOBODY: Final = frozenset({"i", "statuses", "web"})
# Since 2010-11-04 an id's upper bits are milliseconds since 2010-11-04T01:42:54.657Z (X, "Announcing
# Snowflake"); ids before that were counted up and stayed below this.
_FIRST: Final = 29_700_000_000
_EPOCH_MS: Final = 1_288_834_974_657


def named(text: str) -> PostNamed | None:
    """The post of an address of X. Raises NotAPost."""
    address = web(text)
    if address is None or not address.on((*HOSTS, *_SHORT)):
        return None
    if address.on(_SHORT):
        raise NotAPost("t.co hides where it leads. Open it and copy the address from the browser.")
    number = digits(after(address.parts, "status", "statuses") or "", 19)
    if number is None:
        raise NotAPost(
            "This is on X but names no post. Open the post itself and copy its address, such as "
            "https://x.com/ada/status/1831230000000000001."
        )
    who = address.parts[0]
    author = who.lower() if _HANDLE.fullmatch(who) and who.lower() not in _NOBODY else None
    at = since((int(number) >> 22) + _EPOCH_MS) if int(number) > _FIRST else None
    return PostNamed(number, number, f"https://x.com/{author or 'i'}/status/{number}", author, at)
