"""A topic's name and words as they were typed. Law: what is wrong is said beside its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.pages.form import Form
from scoring import TopicList, TopicRefused, checked_hashtags, checked_keywords

MOST_TYPED: Final = (
    8_000  # letters of one field: a hundred words of sixty letters and what parts them
)
LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """What a topic should be."""

    name: str
    hashtags: Sequence[str]
    keywords: Sequence[str]

    def as_list(self, slug: str, now: datetime) -> TopicList:
        """As if it held, to look at what it would find."""
        return TopicList(0, slug, self.name, tuple(self.hashtags), tuple(self.keywords), True, now)


def typed(form: Form) -> Typed:
    """The name and both lists, as far as they can be used."""
    name = form.text("name", ask="Give it a name, such as “Safety”.", most=LONGEST_NAME)
    return Typed(
        name,
        _words(form, "hashtags", r"[\s,;]+", checked_hashtags),
        _words(form, "keywords", r"[\n,;]+", checked_keywords),
    )


def _words(
    form: Form, field: str, between: str, checked: Callable[[Sequence[str]], tuple[str, ...]]
) -> tuple[str, ...]:
    text = form.value(field)
    if len(text) > MOST_TYPED:
        form.wrong(field, "This is too much for one topic.")
        return ()
    try:
        return checked(re.split(between, text))
    except TopicRefused as refused:
        form.wrong(field, str(refused))
        return ()


def form_of(one: TopicList) -> Form:
    """The fields of a topic as it is."""
    return Form(
        {
            "name": one.name,
            "hashtags": " ".join(f"#{tag}" for tag in one.hashtags),
            "keywords": "\n".join(one.keywords),
        }
    )


def refuse(form: Form, refused: TopicRefused) -> None:
    """Say it beside its field."""
    form.wrong(refused.field, str(refused))


Context = dict[str, Any]
