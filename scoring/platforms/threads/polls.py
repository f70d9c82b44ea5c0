"""What Threads is asked: followers of people who agreed and the figures of their posts, in their own name.

Source: developers.facebook.com/docs/threads/insights, read 2026-11-22. An answer about followers names
its person by a number that webhooks never tell: that the token is theirs was proved when they agreed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scoring.facts import Fact, Figure, Kind, Snapshot, UnusableFact
from scoring.platforms import graph
from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Secrets
from scoring.platforms.poll_settings import api
from scoring.platforms.polling import About, Of, Poll, Polling, Told

_API: Final = "https://graph.threads.net"
_READ: Final = "threads_manage_insights"
_HANDLE: Final = re.compile(r"[a-z0-9._]{1,30}")
_COUNTS: Final = {
    "likes": Kind.REACTION,
    "replies": Kind.REPLY,
    "reposts": Kind.RESHARE,
    "quotes": Kind.QUOTE,
}


def _ask_followers(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    (subject,) = subjects
    if not _HANDLE.fullmatch(subject):
        raise NoAsk("Threads names accounts by their handles")
    return Ask(f"{api(secrets, _API)}/v1.0/me/threads_insights?metric=followers_count")


def _ask_post(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    (subject,) = subjects
    if not (subject.isascii() and subject.isdecimal() and len(subject) < 21):
        raise NoAsk("Threads names posts by numbers")
    where = f"{api(secrets, _API)}/v1.0/{subject}/insights"
    return Ask(f"{where}?metric={','.join(_COUNTS)}")


def _read_followers(told: Told) -> Iterator[Fact]:
    for metric in told.json()["data"]:
        if metric["name"].word() == "followers_count":
            yield Snapshot(told.subject, metric["total_value"]["value"].count())


def _read_post(told: Told) -> Iterator[Fact]:
    for metric in told.json()["data"]:
        # «18050000000000888/insights/likes/lifetime»
        if metric["id"].given and (name := metric["id"].id().partition("/")[0]) != told.subject:
            told.wrong(name)
        kind = _COUNTS.get(metric["name"].word())
        if kind is not None:
            yield Figure(told.subject, kind, _value(metric))


def _value(metric: Payload) -> int:
    if metric["total_value"].given:
        return metric["total_value"]["value"].count()
    values = list(metric["values"])
    if len(values) != 1:
        raise UnusableFact(f"{metric.path}: one value was asked for, {len(values)} were told")
    return values[0]["value"].count()


POLLING: Final = Polling(
    polls=(
        Poll(
            "followers", "how many follow each person", About.FOLLOWERS, Of.PEOPLE,
            _ask_followers, _read_followers, token=True, scope=_READ,
        ),
        Poll(
            "post", "likes, replies, reposts and quotes of people’s posts", About.FIGURES, Of.POSTS,
            _ask_post, _read_post, token=True, scope=_READ,
        ),
    ),
    calls_a_day=4_000,
    pace_s=1.0,
    verdict=graph.verdict,
)  # fmt: skip
