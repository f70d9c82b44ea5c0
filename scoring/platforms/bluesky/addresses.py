"""Addresses of posts on Bluesky: pages of bsky.app, and addresses of the records themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scoring.platforms.addresses import NotAPost, PostNamed, web
from scoring.platforms.bluesky.names import did_of, handle_of, moment_of
from scoring.platforms.platform import Named

HOSTS: Final = ("bsky.app",)
_SHORT: Final = ("go.bsky.app",)
_POSTS: Final = "app.bsky.feed.post"
_ASKED: Final = (
    "This is on Bluesky but names no post. Open the post and copy its address, such as "
    "https://bsky.app/profile/ada.example.com/post/3l3qo2vuowo2b."
)


def named(text: str, own: Sequence[Named]) -> PostNamed | None:
    """The post of an address of Bluesky. Raises NotAPost."""
    typed = text.strip()
    if typed.lower().startswith("at://"):
        parts = typed[5:].split("/")
        if len(parts) != 3 or parts[1] != _POSTS:
            raise NotAPost(_ASKED)
        return _post(parts[0], parts[2], own)
    address = web(typed)
    if address is None or not address.on(HOSTS):
        return None
    if address.on(_SHORT) or len(address.parts) < 4 or address.first != "profile":
        raise NotAPost(_ASKED)
    if address.parts[2].lower() != "post":
        raise NotAPost(_ASKED)
    return _post(address.parts[1], address.parts[3], own)


def _post(who: str, key: str, own: Sequence[Named]) -> PostNamed:
    did, handle = did_of(who), handle_of(who.removeprefix("@"))
    at = moment_of(key)
    if (did is None and handle is None) or at is None:
        raise NotAPost(_ASKED)
    if did is None:
        # A handle may have changed hands; a linked account says which DID it means.
        did = next((one.native_id for one in own if one.handle.lower() == handle), None)
    # Without a linked account of that handle nobody's: it is refused for its author.
    name = f"at://{did or handle}/{_POSTS}/{key}"
    return PostNamed(
        name, name, f"https://bsky.app/profile/{did or handle}/post/{key}", did or handle, at
    )
