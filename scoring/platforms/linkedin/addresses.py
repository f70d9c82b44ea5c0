"""Addresses of posts on LinkedIn: an activity, share or ugcPost, in any of the forms in use."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from scoring.platforms.addresses import NotAPost, PostNamed, digits, since, web

HOSTS: Final = ("linkedin.com",)
_SHORT: Final = ("lnkd.in",)
_URN: Final = re.compile(r"urn:li:(activity|share|ugcPost):([0-9]{1,20})", re.IGNORECASE)
# /posts/ada-example_a-text-activity-7300000000000000001-AbCd
_SLUG: Final = re.compile(
    r"(?:(.+?)_)?.*?(activity|share|ugcPost)-([0-9]{10,20})(?:-.*)?", re.IGNORECASE
)
_KINDS: Final = {"activity": "activity", "share": "share", "ugcpost": "ugcPost"}
# One post is an activity and a share, which LinkedIn makes one after the other.
_TWINS_S: Final = 3.0


def named(text: str) -> PostNamed | None:
    """The post of an address or URN of LinkedIn. Raises NotAPost."""
    typed = text.strip()
    if urn := _URN.fullmatch(typed):
        return _post(urn[1], urn[2], None)
    address = web(typed)
    if address is None or not address.on((*HOSTS, *_SHORT)):
        return None
    if address.on(_SHORT):
        raise NotAPost(
            "lnkd.in hides where it leads. Open it and copy the address from the browser."
        )
    if address.first == "pulse":
        raise NotAPost("This is an article. Hand in the post in which you shared it.")
    if address.first == "posts" and len(address.parts) > 1:
        if slug := _SLUG.fullmatch(address.parts[1]):
            return _post(slug[2], slug[3], slug[1])
    elif address.first in ("feed", "embed", "updates", "activity-feed"):
        for part in (*address.parts, unquote(address.query.get("updateEntityUrn", ""))):
            if urn := _URN.search(part):
                return _post(urn[1], urn[2], None)
    raise NotAPost(
        "This is on LinkedIn but names no post. In the post’s menu (…) choose “Copy link to post” "
        "and paste that."
    )


def _post(kind: str, number: str, slug: str | None) -> PostNamed:
    name = f"urn:li:{_KINDS[kind.lower()]}:{digits(number) or '0'}"
    # The upper bits are milliseconds since 1970, as many who read the ids have found; undocumented.
    at = since(int(number) >> 22)
    return PostNamed(
        name, name, f"https://www.linkedin.com/feed/update/{name}/",
        f"in/{slug.lower()}" if slug else None, at, _TWINS_S,
    )  # fmt: skip
