"""What a person hands in: a post by its address, and what they say beside it.

Law: all that is wrong with it is said at once, each with its field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from scoring.facts import Kind


class NotStated(ValueError):
    """It was not taken; `faults` says by field what to do, the message and `field` the first of them."""

    def __init__(self, words: str, field: str = "post", **further: str) -> None:
        super().__init__(words)
        self.field = field
        self.faults = {field: words, **further}

    @classmethod
    def of(cls, faults: Mapping[str, str]) -> NotStated:
        """All that is wrong at once, each with its field."""
        (field, words), *others = faults.items()
        return cls(words, field, **dict(others))


class Picture(NamedTuple):
    """A picture of figures, made anew from its pixels."""

    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The address of a post, and what it leaves open: from which of one's accounts, and of which day.

    `counts`: its figures, which come with a picture.
    """

    address: str
    account_id: UUID | None = None
    published_on: date | None = None
    counts: Mapping[Kind, int] = field(default_factory=dict)
    picture: Picture | None = None
