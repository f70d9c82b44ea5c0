"""What X is asked: followers and figures of people who agreed, in their own name.

Sources, read 2026-11-22: docs.x.com, x-api/users/lookup and x-api/posts/lookup; prices of
docs.x.com/x-api/getting-started/pricing (a user $0.010, a post $0.005); limits of
docs.x.com/x-api/fundamentals/rate-limits (a user of ours 75 and 900 questions in 15 minutes, the app 300).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scoring.facts import Fact, Figure, Kind, Snapshot
from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.platform import Secrets
from scoring.platforms.poll_settings import api
from scoring.platforms.polling import About, Of, Poll, Polling, Told

_API: Final = "https://api.x.com"
_COUNTS: Final = (
    ("like_count", Kind.REACTION),
    ("reply_count", Kind.REPLY),
    ("retweet_count", Kind.RESHARE),
    ("quote_count", Kind.QUOTE),
)


def _number(subjects: tuple[str, ...]) -> str:
    (subject,) = subjects
    if not (subject.isascii() and subject.isdecimal() and len(subject) <= 19):
        raise NoAsk("X names accounts and posts by numbers")
    return subject


def _ask_user(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    return Ask(f"{api(secrets, _API)}/2/users/{_number(subjects)}?user.fields=public_metrics")


def _ask_post(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    return Ask(f"{api(secrets, _API)}/2/tweets/{_number(subjects)}?tweet.fields=public_metrics")


def _read_user(told: Told) -> Iterator[Fact]:
    user = told.json()["data"]
    if (name := user["id"].id()) != told.subject:
        told.wrong(name)
    yield Snapshot(name, user["public_metrics"]["followers_count"].count())


def _read_post(told: Told) -> Iterator[Fact]:
    post = told.json()["data"]
    if (name := post["id"].id()) != told.subject:
        told.wrong(name)
    for member, kind in _COUNTS:
        if (count := post["public_metrics"][member]).given:
            yield Figure(name, kind, count.count())


POLLING: Final = Polling(
    polls=(
        Poll(
            "followers", "how many follow each person", About.FOLLOWERS, Of.PEOPLE,
            _ask_user, _read_user, token=True, price=10, scope="users.read",
        ),
        Poll(
            "post", "likes, replies, reposts and quotes of people’s posts", About.FIGURES, Of.POSTS,
            _ask_post, _read_post, token=True, price=5, for_days=7,
            scope="tweet.read",
        ),
    ),
    calls_a_day=20_000,
    pace_s=3.0,  # 300 in 15 minutes
)  # fmt: skip
