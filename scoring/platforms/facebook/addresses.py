"""Addresses of posts on Facebook, which has a dozen forms of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from scoring.platforms.addresses import NotAPost, PostNamed, Web, after, digits, web
from scoring.platforms.platform import Named

HOSTS: Final = ("facebook.com", "fb.com")
_SHORT: Final = ("fb.me", "fb.watch")
_NAME: Final = re.compile(r"[A-Za-z0-9.-]{1,100}")
_HIDDEN: Final = re.compile(r"pfbid[0-9A-Za-z]{10,120}")
_PAGES: Final = frozenset({
    "photo", "photo.php", "permalink.php", "story.php", "watch", "reel", "reels", "share", "groups",
    "events", "video.php", "videos", "posts", "sharer", "sharer.php", "stories", "hashtag",
})  # fmt: skip


def named(text: str, own: Sequence[Named]) -> PostNamed | None:
    """The post of an address of Facebook. Raises NotAPost."""
    address = web(text)
    if address is None or not address.on((*HOSTS, *_SHORT)):
        return None
    if address.on(_SHORT) or address.first == "share":
        raise NotAPost(
            "This short address hides where it leads. Open it in a browser and copy the address "
            "from there."
        )
    post = _post(address)
    if post is None:
        raise NotAPost(
            "This is on Facebook but names no post. Open the post by its date and copy the address "
            "from the browser."
        )
    owner = _owner(address)
    author = owner.lower() if owner and address.first != "groups" else None
    number = digits(owner or "") or _number_of(author, own)
    name = f"{number}_{post}" if number and post.isdecimal() else post
    return PostNamed(name, post, f"https://www.facebook.com/{_shown(address, owner, post)}", author)


def _shown(address: Web, owner: str | None, post: str) -> str:
    match address.first:
        case "reel":
            return f"reel/{post}"
        case "watch" | "video.php":
            return f"watch?v={post}"
        case "groups" if len(address.parts) > 1:
            return f"groups/{address.parts[1]}/posts/{post}"
    return f"{owner}/posts/{post}" if owner else f"photo?fbid={post}"


def _post(address: Web) -> str | None:
    query = address.query
    for value in (
        query.get("story_fbid"), query.get("fbid"), query.get("multi_permalinks"),
        query.get("v") if address.first in ("watch", "video.php") else None,
        after(address.parts, "reel", "permalink"), _last(address.parts, "posts", "videos", "photos"),
    ):  # fmt: skip
        if value and (digits(value) or _HIDDEN.fullmatch(value)):
            return digits(value) or value
    return None


def _last(parts: Sequence[str], *names: str) -> str | None:
    """After `posts` there may stand a title before the number, after `photos` an album."""
    return parts[-1] if after(parts, *names) else None


def _owner(address: Web) -> str | None:
    if owner := address.query.get("id"):
        return digits(owner)
    if address.first in _PAGES or not address.parts or not _NAME.fullmatch(address.parts[0]):
        return None
    return address.parts[0]


def _number_of(author: str | None, own: Sequence[Named]) -> str | None:
    """The number of one's own account of this name."""
    numbers = [digits(one.native_id) for one in own if author and one.handle.lower() == author]
    return next(filter(None, numbers), None)
