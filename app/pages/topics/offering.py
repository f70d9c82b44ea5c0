"""The small form beside a post: which topics it has, which it could get, which button was pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.pages.form import Form
from scoring import Stands, TopicalPost

_BY: Final = {
    "hashtag": "#{word}",
    "keyword": "“{word}”",
    "author": "by its author",
    "communications": "by communications",
}
LONGEST_SLUG: Final = 100


def asked_of(form: Form) -> tuple[str, bool]:
    """The topic, and whether it should stand: a button with a topic takes that one off."""
    off = form.value("off")[:LONGEST_SLUG]
    return (off, False) if off else (form.value("topic")[:LONGEST_SLUG], True)


def lines_of(
    post: TopicalPost,
    in_use: Mapping[str, str],
    names: Mapping[str, str],
    problem: tuple[UUID, str] | None = None,
    *,
    author: bool = False,
) -> dict[str, Any]:
    """The topics of a post and those it could get, for the template.

    `author` leaves out what only communications can put on again.
    """
    standing = {one.topic for one in post.topics}
    barred = {one.topic for one in post.said if author and one.source == "communications"}
    return {
        "id": post.post_id,
        "topics": [
            {"slug": one.topic, "name": names.get(one.topic, f"#{one.topic}"), "by": _by(one)}
            for one in post.topics
        ],
        "off": [names.get(one.topic, one.topic) for one in post.said if not one.stands],
        "choices": [
            (slug, name)
            for slug, name in in_use.items()
            if slug not in standing and slug not in barred
        ],
        "problem": problem[1] if problem and problem[0] == post.post_id else None,
    }


def _by(one: Stands) -> str:
    return _BY[one.source].format(word=one.word)
