"""A value of somebody else's JSON, which remembers where it stood and must be tamed before use.

Law: whatever the bytes are, reading them gives a tame value or UnusableFact with the place and the
reason («data.payload.author_id: expected an id, got a list»), never another error.

Decisions about bad input:
- an id is a text or a whole number of any size, also negative; control characters in it are
  refused;
- control characters (PostgreSQL refuses NUL) are taken out of texts, half surrogates become U+FFFD,
  and what is longer than MAX_TEXT_LENGTH is cut;
- a time up to 24 h after the receipt is a clock that runs ahead and becomes the receipt; a time
  before 2006 or later than that cannot be, and `time` refuses it. `plausible_time` returns None
  instead: for times that a third party's server claims, where the deed itself is beyond doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NoReturn, TypeVar

import msgspec

from scoring.facts import MAX_COUNT, MAX_ID_LENGTH, MAX_TEXT_LENGTH, UnusableFact, checked_id
from scoring.platforms.complaint import json_complaint, shape_complaint
from scoring.platforms.decoding import decoded
from scoring.platforms.moments import AbsurdTime, moment

MAX_WORD_LENGTH = 100  # the longest documented event type has 30 characters
MAX_LINK_LENGTH = 2_048  # what browsers and networks take for an address
MAX_TOPIC_LENGTH = 100  # X's and Mastodon's hashtags are words

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")
_TYPES = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number",
          float: "a number with a fraction"}  # fmt: skip


Shape = TypeVar("Shape", bound=msgspec.Struct)


class _Missing:
    """Not there at all, unlike null."""


_MISSING = _Missing()


class Payload:
    """A value with its path; see the module for what taming means."""

    __slots__ = ("_inside_of", "_name", "_value")

    def __init__(
        self, value: object, name: str | int = "", inside_of: Payload | None = None
    ) -> None:
        self._value = value
        self._name = name
        self._inside_of = inside_of

    @property
    def path(self) -> str:
        """Where it stood: `tweet_create_events[1].user`. Put together only when it is asked for."""
        before = self._inside_of.path if self._inside_of else ""
        if isinstance(self._name, int):
            return f"{before}[{self._name}]"
        return f"{before}.{self._name}" if before else self._name

    @classmethod
    def read(cls, body: bytes) -> Payload:
        """The whole of a JSON body."""
        return cls(None)._inside(body)

    def nested(self) -> Payload:
        """The JSON inside a text, as streams wrap it."""
        if not isinstance(self._value, str):
            self._refuse("a text with JSON in it")
        return self._inside(self._value)

    def _inside(self, body: bytes | str) -> Payload:
        try:
            return Payload(decoded(body), self._name, self._inside_of)
        except RecursionError:
            raise UnusableFact(f"{self._here}the JSON is nested too deeply") from None
        except ValueError as error:
            said = _HALF_SURROGATE.sub("\ufffd", str(error))[:200]
            head = body.strip()[:200]
            reason = json_complaint(
                said, head.encode(errors="replace") if isinstance(head, str) else head
            )
            raise UnusableFact(f"{self._here}{reason}") from None

    # Moving about -------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Payload:
        """A member of an object; a member of nothing is nothing."""
        value = self._value
        if type(value) is dict:
            return Payload(value.get(name, _MISSING), name, self)
        if self.given:
            self._refuse("an object")
        return Payload(_MISSING, name, self)

    def __iter__(self) -> Iterator[Payload]:
        """The members of a list; nothing has none."""
        if not self.given:
            return
        if not isinstance(self._value, list):
            self._refuse("a list")
        for index, value in enumerate(self._value):
            yield Payload(value, index, self)

    @property
    def given(self) -> bool:
        """There, and not null."""
        return self._value is not None and self._value is not _MISSING

    @property
    def holds_members(self) -> bool:
        """An object, with members to read."""
        return isinstance(self._value, dict)

    @property
    def is_list(self) -> bool:
        """A list, with members one after the other."""
        return isinstance(self._value, list)

    def optional(self) -> Payload | None:
        """Itself, or None when missing or null: `(time := p["at"].optional()) and time.text()`."""
        return self if self.given else None

    def either(self, *names: str) -> Payload:
        """The first of several members that is given, else the last."""
        for name in names[:-1]:
            if (member := self[name]).given:
                return member
        return self[names[-1]]

    def names(self) -> list[str]:
        """The names of an object's members."""
        if not isinstance(self._value, dict):
            self._refuse("an object")
        return [_printable(name)[:MAX_WORD_LENGTH] for name in self._value]

    # Taming -------------------------------------------------------------------------------------

    def id(self) -> str:
        """An identifier, as text."""
        value = self._value
        if type(value) is int:
            value = _digits(value)
        if type(value) is not str:
            self._refuse("an id")
        if 0 < len(value) <= MAX_ID_LENGTH and value.isprintable():
            return value
        return checked_id(value, self.path)  # says what is wrong with it

    def word(self) -> str:
        """A short name such as an event type."""
        if not isinstance(self._value, str) or not self._value or not self._value.isprintable():
            self._refuse("a word")
        return self._value[:MAX_WORD_LENGTH]

    def text(self) -> str:
        """What a person wrote, without what cannot be stored."""
        if not isinstance(self._value, str):
            self._refuse("a text")
        if self._value.isprintable():  # most texts, and quickly seen
            return self._value[:MAX_TEXT_LENGTH]
        whole = _HALF_SURROGATE.sub("\ufffd", self._value)
        return _CONTROL.sub("", whole)[:MAX_TEXT_LENGTH]

    def link(self) -> str | None:
        """A web address; None for nothing and for anything a browser should not be sent to."""
        if not self.given:
            return None
        address = self.text()
        usable = re.fullmatch(r"https?://[^\s\"'<>\\]+", address) and address.isprintable()
        return address if usable and len(address) <= MAX_LINK_LENGTH else None

    def topic(self) -> str | None:
        """A hashtag without '#', lower case; None when nothing is left of it."""
        return _printable(self.text()).strip().lstrip("#").lower()[:MAX_TOPIC_LENGTH] or None

    def integer(self) -> int:
        """A whole number."""
        if not isinstance(self._value, int) or isinstance(self._value, bool):
            self._refuse("a whole number")
        return self._value

    def count(self) -> int:
        """How many of something: a whole number from 0."""
        value = self.integer()
        if not 0 <= value <= MAX_COUNT:
            raise UnusableFact(f"{self.path}: {_digits(value)[:30]} is no count")
        return value

    def shaped(self, shape: type[Shape]) -> Shape:
        """As a struct of declared members; those may still need taming."""
        try:
            return msgspec.convert(self._value if self.given else {}, shape)
        except (msgspec.ValidationError, RecursionError) as error:
            where, what = shape_complaint(_printable(str(error))[:300])
            raise UnusableFact(f"{self.path}{where}: {what}") from None
        except UnicodeEncodeError:  # "\ud800", which JSON can say and no text holds
            raise UnusableFact(f"{self._here}a text with half a character") from None

    def truth(self) -> bool:
        """True or false; nothing is false."""
        if self.given and not isinstance(self._value, bool):
            self._refuse("true or false")
        return self._value is True

    def time(self, received_at: datetime) -> datetime:
        """When something happened: ISO 8601, milliseconds since 1970, or X's older form."""
        value = self._value
        if not isinstance(value, str | int) or isinstance(value, bool):
            self._refuse("a time")
        try:
            return moment(value, received_at)
        except AbsurdTime as error:
            raise AbsurdTime(f"{self.path}: {error}") from None
        except UnusableFact as error:
            raise UnusableFact(f"{self.path}: {error}") from None

    def plausible_time(self, received_at: datetime) -> datetime | None:
        """As `time`, but None for nothing and for a time that cannot be."""
        try:
            return self.time(received_at) if self.given else None
        except AbsurdTime:
            return None

    @property
    def _here(self) -> str:
        return f"{self.path}: " if self.path else ""

    def _refuse(self, expected: str) -> NoReturn:
        got = _TYPES.get(type(self._value), "nothing")
        if isinstance(self._value, str):
            got = "an empty text" if not self._value else "a text"
        raise UnusableFact(f"{self._here}expected {expected}, got {got}")


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # Python writes no number of more than 4300 digits
        return "9" * 1_000
