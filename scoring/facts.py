"""What a network tells, in one shape for all networks. Pure: adapters produce these, workers store them.

Law: a fact that breaks the rules below cannot be built; the adapter gets `UnusableFact` with the reason,
so a malformed payload is set aside with words instead of being stored as something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MAX_ID_LENGTH = 512  # longest identifier seen is an at:// address of about 120 characters
MAX_TEXT_LENGTH = 20_000  # longest public post of a supported network, with room
MAX_COUNT = 2**53 - 1  # beyond that JSON numbers are no longer exact


class UnusableFact(ValueError):
    """A payload says something that cannot be a fact; the message says which field and why."""


class Kind(StrEnum):
    """What one account did."""

    POST = "post"
    REACTION = "reaction"
    REPLY = "reply"
    RESHARE = "reshare"
    QUOTE = "quote"
    MENTION = "mention"
    FOLLOW = "follow"
    CLICK = "click"


def checked_id(value: str, what: str) -> str:
    """Return an identifier as it is, or say why it cannot be one."""
    if not value:
        raise UnusableFact(f"{what} is missing or empty")
    if len(value) > MAX_ID_LENGTH:
        raise UnusableFact(f"{what} is longer than {MAX_ID_LENGTH} characters")
    if not value.isprintable():
        raise UnusableFact(f"{what} contains control characters")
    return value


def checked_time(value: datetime, what: str) -> datetime:
    """Return an aware time, or say why it is none."""
    if value.tzinfo is None:
        raise UnusableFact(f"{what} has no time zone")
    return value


@dataclass(frozen=True, slots=True)
class Engagement:
    """One thing one account did.

    `native_id` is the network's name for the deed: the new post's id for a post, reply, quote or reshare
    (where every source tells it), else a name all sources agree on, such as `actor>post` for a like.
    `also` are further names a removal may use. `post` is the post acted on; `thread` the conversation.
    `actor` is None where the network does not say who; `target` whose account it was done to.
    `occurred_at` None means the network gave no time: the receipt counts.
    """

    kind: Kind
    native_id: str
    actor: str | None
    target: str | None
    post: str | None = None
    thread: str | None = None
    occurred_at: datetime | None = None
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checked_id(self.native_id, f"the id of a {self.kind}")
        for value, what in ((self.actor, "actor"), (self.target, "target"), (self.post, "post"),
                            (self.thread, "thread")):  # fmt: skip
            if value is not None:
                checked_id(value, f"the {what} of a {self.kind}")
        for name in self.also:
            checked_id(name, f"another name of a {self.kind}")
        if self.actor is None and self.target is None:
            raise UnusableFact(f"a {self.kind} with neither actor nor target")
        if self.kind is Kind.POST and self.actor is None:
            raise UnusableFact("a post without an author")
        if self.occurred_at is not None:
            checked_time(self.occurred_at, f"the time of a {self.kind}")


@dataclass(frozen=True, slots=True)
class Removal:
    """Something was undone or deleted; may be told before the thing itself."""

    native_id: str

    def __post_init__(self) -> None:
        checked_id(self.native_id, "the id of a removal")


@dataclass(frozen=True, slots=True)
class Figure:
    """A count without names, as seen at a moment."""

    post: str
    kind: Kind
    value: int
    observed_at: datetime | None = None

    def __post_init__(self) -> None:
        checked_id(self.post, "the post of a figure")
        if not 0 <= self.value <= MAX_COUNT:
            raise UnusableFact(f"a count of {self.value} {self.kind}s cannot be")
        if self.observed_at is not None:
            checked_time(self.observed_at, "the time of a figure")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How many followers an account had at a moment."""

    account: str
    followers: int
    observed_at: datetime | None = None

    def __post_init__(self) -> None:
        checked_id(self.account, "the account of a follower count")
        if not 0 <= self.followers <= MAX_COUNT:
            raise UnusableFact(f"a follower count of {self.followers} cannot be")
        if self.observed_at is not None:
            checked_time(self.observed_at, "the time of a follower count")


@dataclass(frozen=True, slots=True)
class Post:
    """A post as described by its network. Text is kept only if its author is known to Fanfare."""

    native_id: str
    author: str
    published_at: datetime
    text: str | None = None
    url: str | None = None
    topics: tuple[str, ...] = ()  # hashtags without '#', lower case; which are topics, lists say
    shares: str | None = None  # the post it reshares or quotes

    def __post_init__(self) -> None:
        checked_id(self.native_id, "the id of a post")
        checked_id(self.author, "the author of a post")
        checked_time(self.published_at, "the time of a post")
        if self.shares is not None:
            checked_id(self.shares, "the post that a post shares")


Fact = Engagement | Removal | Figure | Snapshot | Post


@dataclass(frozen=True, slots=True)
class Telling:
    """All that one delivery tells: facts of one platform, in any order.

    `platform` is set where a delivery speaks of another network than the one that sent it
    (the company's own systems do); None means the sender's. `unread` is why a part of it could not be
    read, where the rest could.
    """

    facts: tuple[Fact, ...] = ()
    ignored: str | None = None  # why nothing was told, for known but uninteresting event types
    platform: str | None = None
    unread: str | None = None

    @classmethod
    def of(
        cls, facts: Iterable[Fact], platform: str | None = None, unread: str | None = None
    ) -> Telling:
        """Collect facts, each once."""
        told = tuple(facts)
        once = told if len(told) < 2 else tuple(dict.fromkeys(told))
        return cls(once, platform=platform, unread=unread)

    @classmethod
    def nothing(cls, why: str) -> Telling:
        """A delivery that is kept as ignored, with the reason."""
        return cls(ignored=why)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a network sent, raw, as it was committed."""

    id: int
    platform: str
    source: str
    headers: dict[str, str] = field(hash=False)
    body: bytes = field(repr=False)
    received_at: datetime
