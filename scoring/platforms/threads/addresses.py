"""Addresses of posts on Threads: by their shortcode."""

from __future__ import annotations

import re
from typing import Final

from scoring.platforms.addresses import NotAPost, PostNamed, after, shortcode_moment, web

HOSTS: Final = ("threads.net", "threads.com")
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{5,60}")


def named(text: str) -> PostNamed | None:
    """The post of an address of Threads. Raises NotAPost."""
    address = web(text)
    if address is None or not address.on(HOSTS):
        return None
    code = after(address.parts, "post", "t")
    if code is None or not _CODE.fullmatch(code):
        raise NotAPost(
            "This is on Threads but names no post. Open the post and copy its address, such as "
            "https://www.threads.net/@ada_works/post/DAbc123."
        )
    author = address.first.removeprefix("@") if address.first.startswith("@") else None
    where = f"@{author}/post/{code}" if author else f"t/{code}"
    return PostNamed(code, code, f"https://www.threads.net/{where}", author, shortcode_moment(code))
