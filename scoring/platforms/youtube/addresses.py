"""Addresses of videos on YouTube: watch pages, shorts, lives, the short form, the embedded one."""

from __future__ import annotations

import re
from typing import Final

from scoring.platforms.addresses import NotAPost, PostNamed, after, web

HOSTS: Final = ("youtube.com", "youtube-nocookie.com")
_SHORT: Final = ("youtu.be",)
_VIDEO: Final = re.compile(r"[A-Za-z0-9_-]{11}")


def named(text: str) -> PostNamed | None:
    """The video of an address of YouTube. Raises NotAPost."""
    address = web(text)
    if address is None or not address.on((*HOSTS, *_SHORT)):
        return None
    if address.on(_SHORT):
        video = address.parts[0] if address.parts else None
    elif address.first == "watch":
        video = address.query.get("v") or after(address.parts, "watch")
    else:
        video = after(address.parts[:2], "shorts", "live", "embed", "v")
    if video is None or not _VIDEO.fullmatch(video):
        raise NotAPost(
            "This is on YouTube but names no video. Open the video and copy its address, such as "
            "https://www.youtube.com/watch?v=AbCdEfGhIjK."
        )
    return PostNamed(video, video, f"https://www.youtube.com/watch?v={video}")
