"""Profiles on the networks of a demo world, each with an id of the kind its network gives."""

from __future__ import annotations

import re
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
