"""What happens to the company that is measured: Standard Webhooks events in a believable mix.

Half are likes, a sixth are answers; a few people get most of it, outsiders come back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from app.bench.company import COMPANY, person_account
from app.settings import Settings

POSTS_EACH = 40  # posts a person wrote over the history, one every day and a half
_OUTSIDERS_EACH = 50
_MIX = {
    "reaction": 52, "reply": 16, "follow": 10, "reshare": 8, "mention": 4, "quote": 2,
    "published": 4, "answer": 3, "story": 1,
}  # fmt: skip
_TEXT = "Thank you for writing this down, we have been looking for exactly that since spring. "


class Deeds:
    """An endless row of events, the same for the same seed."""

    def __init__(self, settings: Settings, people: int, seed: int = 1) -> None:
        self._tag = settings.disclosure_tag
        self._people = people
        self._rng = Random(seed)
        self._seed = seed
        self._number = 0
        self._asked: list[tuple[str, str, int]] = [("reply-0", "outsider-0", 1)]

    def bodies(self, count: int, from_at: datetime, to_at: datetime) -> Iterator[bytes]:
        """The next events, in order of time between two moments."""
        step = (to_at - from_at) / max(count, 1)
        for n in range(count):
            yield self._event(from_at + step * n)

    def posts(self, from_at: datetime, to_at: datetime) -> Iterator[bytes]:
        """Everybody's posts, spread over the history."""
        step = (to_at - from_at) / POSTS_EACH
        for n in range(POSTS_EACH):
            for person in range(1, self._people + 1):
                yield self._published(person, f"post-{person}-{n}", from_at + step * n)

    def _event(self, at: datetime) -> bytes:
        rng = self._rng
        self._number += 1
        name = f"deed-{self._seed}-{self._number}"
        kind = rng.choices(list(_MIX), list(_MIX.values()))[0]
        # Squared, so that a quarter of the people get half of everything.
        person = 1 + int(rng.random() ** 2 * self._people)
        outsider = f"outsider-{int(rng.random() ** 2 * self._people * _OUTSIDERS_EACH)}"
        post = f"post-{person}-{rng.randrange(POSTS_EACH)}"
        if kind == "published":
            return self._published(person, name, at)
        data: dict[str, object] = {
            "kind": kind,
            "actor": outsider,
            "target": person_account(person),
        }
        if kind in ("reply", "reaction", "reshare", "quote"):
            data["post"] = post
        if kind == "reply":
            data |= {"text": _TEXT, "thread": post}
            self._asked = [*self._asked[-200:], (name, outsider, person)]
        if kind == "answer":
            asked, asker, person = rng.choice(self._asked)
            data = {"kind": "reply", "actor": person_account(person), "target": asker,
                    "post": asked, "thread": asked, "text": f"{_TEXT} {self._tag}"}  # fmt: skip
        if kind == "story":
            data = {"kind": "reshare", "actor": person_account(person), "target": COMPANY,
                    "post": f"story-{rng.randrange(100)}"}  # fmt: skip
        if kind not in ("reaction", "follow"):
            data["id"] = name
        return event("engagement.recorded", at, data)

    def _published(self, person: int, post: str, at: datetime) -> bytes:
        text = f"{_TEXT * 2}{self._tag if self._rng.random() < 0.8 else ''}"
        data: dict[str, object] = {"id": post, "author": person_account(person), "text": text,
                "url": f"https://example.org/{post}"}  # fmt: skip
        return event("post.published", at, data)


def answered(person: int, by: str, name: str, at: datetime, text: str = _TEXT) -> bytes:
    """An outsider answers a person's post: the event that is worth most often the most."""
    return event("engagement.recorded", at, {
        "kind": "reply", "id": name, "actor": by, "target": person_account(person),
        "post": f"post-{person}-0", "text": text,
    })  # fmt: skip


def event(kind: str, at: datetime, data: dict[str, object]) -> bytes:
    """The body of a Standard Webhooks delivery."""
    moment = at.replace(microsecond=at.microsecond // 1000 * 1000)
    whole = {"type": kind, "timestamp": moment.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(whole).encode()


def a_while_ago(now: datetime) -> datetime:
    """Where fresh deeds begin, so that none lies after its receipt."""
    return now - timedelta(hours=1)
