"""Addresses of posts on Instagram: by their shortcode."""

from __future__ import annotations

import re
from typing import Final

from scoring.platforms.addresses import NotAPost, PostNamed, after, shortcode_moment, web

HOSTS: Final = ("instagram.com", "instagr.am")
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{5,60}")
_KINDS: Final = ("p", "reel", "reels", "tv")


def named(text: str) -> PostNamed | None:
    """The post of an address of Instagram. Raises NotAPost."""
    address = web(text)
    if address is None or not address.on(HOSTS):
        return None
    if address.first == "stories":
        raise NotAPost("A story is gone after a day. Hand in a post or a reel.")
    code = after(address.parts[:3], *_KINDS)
    if address.first == "share" or code is None or not _CODE.fullmatch(code):
        raise NotAPost(
            "This is on Instagram but names no post. Open the post and copy its address, such as "
            "https://www.instagram.com/p/DAbc123xyz_/."
        )
    author = None if address.first in _KINDS else address.first
    return PostNamed(
        code, code, f"https://www.instagram.com/p/{code}/", author, shortcode_moment(code)
    )
