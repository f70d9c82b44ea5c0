"""What YouTube is asked: counts of channels and videos of people who agreed, in their own name, and the
public feed of every channel, for the hub that should tell of new videos falls silent at times.

Sources, read 2026-11-22: developers.google.com/youtube/v3/docs/channels/list and videos/list (a unit of the
quota each, 10,000 a day), docs/errors; subscriber counts are rounded down to three figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

from scoring.facts import Fact, Figure, Kind, Snapshot, Telling, UnusableFact
from scoring.platforms.asking import Answer, Ask, BadAnswer, NoAsk
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Secrets
from scoring.platforms.poll_settings import api
from scoring.platforms.polling import About, Of, Poll, Polling, Told, Verdict, by_status
from scoring.platforms.youtube import feed

_API: Final = "https://www.googleapis.com"
_READ: Final = "https://www.googleapis.com/auth/youtube.readonly"
_FEEDS: Final = "https://www.youtube.com"
_CHANNEL: Final = re.compile(r"UC[A-Za-z0-9_-]{22}")
_VIDEO: Final = re.compile(r"[A-Za-z0-9_-]{11}")
_COUNTS: Final = (("likeCount", Kind.REACTION), ("commentCount", Kind.REPLY))
# What Google answers with 403 where it means 429 (docs/errors, core API errors).
_ENOUGH: Final = frozenset(
    {"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded"}
)


def _named(subjects: tuple[str, ...], pattern: re.Pattern[str]) -> str:
    (subject,) = subjects
    if not pattern.fullmatch(subject):
        raise NoAsk("this is no id of YouTube")
    return subject


def _ask_list(what: str, subject: str, secrets: Secrets) -> Ask:
    asked = urlencode({"part": "statistics", "id": subject})
    return Ask(f"{api(secrets, _API)}/youtube/v3/{what}?{asked}")


def _ask_channel(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    return _ask_list("channels", _named(subjects, _CHANNEL), secrets)


def _ask_video(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    return _ask_list("videos", _named(subjects, _VIDEO), secrets)


def _ask_feed(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    asked = urlencode({"channel_id": _named(subjects, _CHANNEL)})
    return Ask(f"{api(secrets, _FEEDS)}/xml/feeds/videos.xml?{asked}")


def _items(told: Told) -> Iterator[tuple[str, Payload]]:
    for item in told.json()["items"]:
        if (name := item["id"].id()) != told.subject:
            told.wrong(name)
        yield name, item["statistics"]


def _read_channel(told: Told) -> Iterator[Fact]:
    for name, counts in _items(told):
        if counts["subscriberCount"].given and not counts["hiddenSubscriberCount"].truth():
            yield Snapshot(name, _count(counts["subscriberCount"]))


def _read_video(told: Told) -> Iterator[Fact]:
    for name, counts in _items(told):
        for member, kind in _COUNTS:
            if counts[member].given:  # left out where its owner hides it
                yield Figure(name, kind, _count(counts[member]))


def _read_feed(told: Told) -> Telling:
    return told.only_of_the_subject(feed.adapt(told.body, told.received_at))


def _count(number: Payload) -> int:
    """YouTube writes counts as texts."""
    text = number.id()
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise UnusableFact(f"{number.path}: {text[:30]} is no count")
    return int(text)


def _verdict(answer: Answer, *, token: bool) -> Verdict:
    if answer.status == 403 and _reasons(answer) & _ENOUGH:
        return Verdict.LATER
    return by_status(answer, token=token)


def _reasons(answer: Answer) -> set[str]:
    try:
        whole: Any = answer.json()
        return {str(error["reason"]) for error in whole["error"]["errors"]}
    except (BadAnswer, KeyError, TypeError):
        return set()


POLLING: Final = Polling(
    polls=(
        Poll(
            "channel", "how many subscribed to each person’s channel", About.FOLLOWERS, Of.PEOPLE,
            _ask_channel, _read_channel, token=True, scope=_READ,
        ),
        Poll(
            "video", "likes and comments of people’s videos", About.FIGURES, Of.POSTS,
            _ask_video, _read_video, token=True, scope=_READ,
        ),
        Poll(
            "videos", "which videos are new, in case the hub fell silent", About.NEWS, Of.EVERYBODY,
            _ask_feed, _read_feed, token=False,
        ),
    ),
    calls_a_day=8_000,  # of Google's 10,000: some are left for the company's other work
    pace_s=1.0,
    verdict=_verdict,
)  # fmt: skip
