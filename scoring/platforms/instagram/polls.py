"""What Instagram is asked: followers of people's professional accounts, and the figures of what they posted
last, in their own name.

Source: developers.facebook.com/docs/instagram-platform/reference (IG user, IG media), read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from scoring.facts import Fact, Figure, Kind, Post, Snapshot, Telling
from scoring.platforms import graph
from scoring.platforms.asking import Ask, NoAsk
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload
from scoring.platforms.platform import Secrets
from scoring.platforms.poll_settings import api
from scoring.platforms.polling import About, Of, Poll, Polling, Told

_API: Final = "https://graph.instagram.com"
_READ: Final = "instagram_business_basic"
_NEWEST: Final = 25
_MEDIA: Final = "id,timestamp,permalink,caption,like_count,comments_count,owner"
_COUNTS: Final = (("like_count", Kind.REACTION), ("comments_count", Kind.REPLY))


def _number(subjects: tuple[str, ...]) -> str:
    (subject,) = subjects
    if not (subject.isascii() and subject.isdecimal() and len(subject) < 21):
        raise NoAsk("Instagram names accounts by numbers")
    return subject


def _ask_user(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    return Ask(f"{api(secrets, _API)}/{_number(subjects)}?fields=user_id,followers_count")


def _ask_media(subjects: tuple[str, ...], secrets: Secrets) -> Ask:
    where = f"{api(secrets, _API)}/{_number(subjects)}/media"
    return Ask(f"{where}?fields={_MEDIA}&limit={_NEWEST}")


def _read_user(told: Told) -> Iterator[Fact]:
    user = told.json()
    if (name := user.either("user_id", "id").id()) != told.subject:
        told.wrong(name)
    yield Snapshot(name, user["followers_count"].count())


def _read_media(told: Told) -> Telling:
    parts = Parts()
    for media in told.json()["data"]:
        parts.take(media, partial(_read_one, media, told), lambda: "nothing new")
    return parts.telling("nothing new")


def _read_one(media: Payload, told: Told) -> Iterator[Fact]:
    if (owner := media["owner"]["id"].optional()) and owner.id() != told.subject:
        told.wrong(owner.id())
    name = media["id"].id()
    yield Post(
        name, told.subject, media["timestamp"].plausible_time(told.received_at) or told.received_at,
        text=media["caption"].text() if media["caption"].given else None,
        url=media["permalink"].link(),
    )  # fmt: skip
    for member, kind in _COUNTS:
        if (count := media[member]).given:  # likes are left out where their owner hides them
            yield Figure(name, kind, count.count())


POLLING: Final = Polling(
    polls=(
        Poll(
            "followers", "how many follow each person", About.FOLLOWERS, Of.PEOPLE,
            _ask_user, _read_user, token=True, scope=_READ,
        ),
        Poll(
            "media", "likes and comments of what people posted last", About.FIGURES, Of.PEOPLE,
            _ask_media, _read_media, token=True, scope=_READ,
        ),
    ),
    calls_a_day=4_000,  # 200 an hour for each user of the app
    pace_s=1.0,
    verdict=graph.verdict,
)  # fmt: skip
