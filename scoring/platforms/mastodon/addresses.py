"""Addresses of posts on any Mastodon server, and on others that name posts as Mastodon does.

Every other network is asked before this one: a server can have any name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from scoring.platforms.addresses import NotAPost, PostNamed, Web, digits, since, web
from scoring.platforms.platform import Named

_USER: Final = re.compile(r"@?([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,60}[A-Za-z0-9_])?)(?:@(.+))?")
_BEFORE: Final = frozenset({"web", "deck", "interact"})  # what the server's own pages put in front
_ULID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}", re.IGNORECASE)  # GoToSocial
_SNOWFLAKE: Final = 10**17  # Mastodon's ids carry the time since 2017; before they were counted up


def named(text: str, own: Sequence[Named]) -> PostNamed | None:
    """The post of an address that looks like Mastodon's. Raises NotAPost."""
    address = web(text)
    if address is None:
        return None
    parts = address.parts[1:] if address.first in _BEFORE else address.parts
    if (len(parts) == 4 and parts[:1] == ("ap",)) or (
        len(parts) == 5 and parts[:2] == ("ap", "users")
    ):
        return _by_number(address, parts, own)
    user, post = _user_and_post(parts)
    if user is None:
        return None
    whole = _USER.fullmatch(user)
    number = digits(post or "", 20) or (post.upper() if post and _ULID.fullmatch(post) else None)
    if whole is None or number is None:
        if not parts[0].startswith("@") or len(parts) > 3:
            return None  # nothing says that this is Mastodon at all
        raise NotAPost(
            "This names an account, not a post. Open the post on its own server and copy its "
            "address, such as https://social.example/@ada/113067000000000001."
        )
    name, home = whole.groups()
    if home is not None and home.lower() != address.host:
        raise NotAPost(
            f"This is {address.host}’s copy of a post of {home.lower()}. Open it on its own server "
            "(in its menu: “Open original page”) and copy the address from there."
        )
    return _post(address.host, name, number, own)


def _user_and_post(parts: tuple[str, ...]) -> tuple[str | None, str | None]:
    match [part if n == 1 else part.lower() for n, part in enumerate(parts)]:
        case [str() as user, *_] if user.startswith("@"):
            rest = parts[1:]
            if len(rest) > 1 and rest[0].lower() == "statuses":
                rest = rest[1:]
            return parts[0], rest[0] if rest else None
        case ["users", str() as user, "statuses", str(), *_]:
            return user, parts[3]
    return None, None


def _by_number(address: Web, parts: tuple[str, ...], own: Sequence[Named]) -> PostNamed | None:
    """Mastodon 4.5 names new accounts by number: one's own on that server is meant."""
    number = digits(parts[-1], 20)
    here = [one for one in own if _lives_at(one, address.host)]
    if number is None or parts[-2].lower() != "statuses":
        return None
    if len(here) != 1:
        raise NotAPost(
            "This address does not say whose the post is. Copy the one that begins with "
            f"https://{address.host}/@ and your name."
        )
    return _post(address.host, here[0].native_id.partition("@")[0], number, own)


def _post(host: str, user: str, number: str, own: Sequence[Named]) -> PostNamed:
    at = since(int(number) >> 16) if number.isdecimal() and int(number) > _SNOWFLAKE else None
    account = f"{user.lower()}@{host}"
    # Pages may live on another host than the name that stands in people's handles.
    for one in own:
        if one.native_id.partition("@")[0] == user.lower() and _lives_at(one, host):
            account = one.native_id
    return PostNamed(
        f"https://{host}/users/{user}/statuses/{number}", f"{host}/{number}",
        f"https://{host}/@{user}/{number}", account, at,
    )  # fmt: skip


def _lives_at(one: Named, host: str) -> bool:
    """Whether an account's pages lie at a host, by either of its names."""
    homes = [name.rpartition("@")[2] for name in (one.native_id, one.also) if name]
    return any(host == home or host.endswith(f".{home}") for home in homes)
