"""Profiles on the networks of a demo world, each with an id of the kind its network gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from seeds.personas import DOMAIN, MASTODON_HOST

REMOTE_HOSTS = ("mastodon.example", "fosstodon.example", "kolektiva.example", "toot.example")


@dataclass(frozen=True, slots=True)
class Face:
    """A profile on a network, anybody's. `followers` is where its count begins."""

    platform: str
    native_id: str
    handle: str
    name: str
    followers: int
    url: str
    company: bool = False


def face_on(platform: str, rng: Random, name: str, mail: str, followers: int, host: str) -> Face:
    """A profile on that network; `host` is the server of one on Mastodon."""
    if platform == "mastodon":
        return mastodon_face(rng, name, mail, followers, host)
    return _MAKERS[platform](rng, name, mail, followers)


def x_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    """A profile on X: a numeric id and a screen name of at most 15 characters."""
    handle = re.sub(r"[^a-z]", "", mail.split("@")[0])[:11] + str(rng.randrange(10, 9999))
    # Ids of accounts made since 2015 are as long as those of posts.
    native_id = str(rng.randrange(700_000_000_000_000_000, 1_900_000_000_000_000_000))
    return Face("x", native_id, handle, name, followers, f"https://x.com/{handle}")


def mastodon_face(rng: Random, name: str, mail: str, followers: int, host: str) -> Face:
    """A profile on Mastodon: its id for us is `user@host`, the same from every server."""
    user = re.sub(r"[^a-z0-9]", "", mail.split("@")[0])[:30] or "someone"
    if host != MASTODON_HOST:
        user += str(rng.randrange(10, 99999))
    acct = f"{user}@{host}"
    return Face("mastodon", acct, acct, name, followers, f"https://{host}/@{user}")


def community_face(name: str, mail: str, followers: int) -> Face:
    """A profile in the company's own customer community."""
    handle = mail.split("@")[0]
    url = f"https://community.{DOMAIN}/people/{handle}"
    return Face("standard", f"community:{handle}", handle, name, followers, url)


def _visitor_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    return community_face(name, f"{mail.split('@')[0]}{rng.randrange(100, 9999)}", 0)


def _user(rng: Random, mail: str, letters: int = 20) -> str:
    return re.sub(r"[^a-z0-9]", "", mail.split("@")[0])[:letters] + str(rng.randrange(10, 9999))


def bluesky_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    """A profile on Bluesky: a DID, and a handle that may change."""
    did = "did:plc:" + "".join(rng.choices("abcdefghijklmnopqrstuvwxyz234567", k=24))
    handle = f"{_user(rng, mail)}.bsky.example"
    return Face("bluesky", did, handle, name, followers, f"https://bsky.app/profile/{did}")


def threads_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    """A profile on Threads: known by its name, for Threads gives no number of who acts."""
    user = _user(rng, mail)
    return Face("threads", user, user, name, followers, f"https://www.threads.net/@{user}")


def instagram_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    """A professional account on Instagram, or somebody who comments there: a number."""
    user, number = _user(rng, mail), f"178414{rng.randrange(10**11):011}"
    return Face("instagram", number, user, name, followers, f"https://www.instagram.com/{user}/")


def facebook_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    """A profile on Facebook as one page knows it: another page knows it by another number."""
    user, number = _user(rng, mail), f"82{rng.randrange(10**14):014}"
    return Face("facebook", number, user, name, followers, f"https://www.facebook.com/{user}")


def linkedin_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    """A member of LinkedIn as one app knows it."""
    member = "".join(
        rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789", k=10)
    )
    return Face(
        "linkedin", f"urn:li:person:{member}", member, name, followers,
        f"https://www.linkedin.com/in/{_user(rng, mail)}/",
    )  # fmt: skip


def youtube_face(rng: Random, name: str, mail: str, followers: int) -> Face:
    """A channel on YouTube."""
    channel = "UC" + "".join(
        rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", k=22)
    )
    return Face(
        "youtube", channel, channel, name, followers, f"https://www.youtube.com/channel/{channel}"
    )


_MAKERS: dict[str, Callable[[Random, str, str, int], Face]] = {
    "x": x_face, "standard": _visitor_face, "bluesky": bluesky_face, "threads": threads_face,
    "instagram": instagram_face, "facebook": facebook_face, "linkedin": linkedin_face,
    "youtube": youtube_face,
}  # fmt: skip
