"""What Bluesky's public API is asked: counts of people and of their posts, 25 at a time.

Sources, read 2026-11-22: lexicons app.bsky.actor.getProfiles and app.bsky.feed.getPosts of
github.com/bluesky-social/atproto; docs.bsky.app/docs/advanced-guides/rate-limits (3,000 in 5 minutes).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from scoring.facts import Fact, Figure, Kind, Snapshot
from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.bluesky.names import did_of
from scoring.platforms.platform import Secrets
from scoring.platforms.poll_settings import api
from scoring.platforms.polling import About, Of, Poll, Polling, Told

_API: Final = "https://public.api.bsky.app"
_MOST: Final = 25
_POST: Final = "/app.bsky.feed.post/"
_COUNTS: Final = (
    ("likeCount", Kind.REACTION),
    ("replyCount", Kind.REPLY),
    ("repostCount", Kind.RESHARE),
    ("quoteCount", Kind.QUOTE),
)


def _ask_profiles(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    if not all(did_of(subject) == subject for subject in subjects):
        raise NoAsk("accounts of Bluesky are named by DIDs")
    asked = urlencode([("actors", did) for did in subjects])
    return Ask(f"{api(secrets, _API)}/xrpc/app.bsky.actor.getProfiles?{asked}")


def _ask_posts(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    if not all(uri.startswith("at://did:") and _POST in uri for uri in subjects):
        raise NoAsk("posts of Bluesky are named by at:// addresses")
    asked = urlencode([("uris", uri) for uri in subjects])
    return Ask(f"{api(secrets, _API)}/xrpc/app.bsky.feed.getPosts?{asked}")


def _read_profiles(told: Told) -> Iterator[Fact]:
    for profile in told.json()["profiles"]:
        did = profile["did"].id()
        if not told.asked_about(did):
            told.wrong(did)
        if (count := profile["followersCount"]).given:
            yield Snapshot(did, count.count())


def _read_posts(told: Told) -> Iterator[Fact]:
    for post in told.json()["posts"]:
        uri = post["uri"].id()
        if not told.asked_about(uri):
            told.wrong(uri)
        for member, kind in _COUNTS:
            if (count := post[member]).given:
                yield Figure(uri, kind, count.count())


POLLING: Final = Polling(
    polls=(
        Poll(
            "followers", "how many follow each person", About.FOLLOWERS, Of.PEOPLE,
            _ask_profiles, _read_profiles, token=False, most=_MOST,
        ),
        Poll(
            "posts", "likes, replies, reposts and quotes of people’s posts", About.FIGURES, Of.POSTS,
            _ask_posts, _read_posts, token=False, most=_MOST,
        ),
    ),
    calls_a_day=200_000,
    pace_s=0.2,
)  # fmt: skip
