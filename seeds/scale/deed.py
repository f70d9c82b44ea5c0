"""One thing that happened in the large company, and how its network would tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.bench.company import COMPANY, person_account
from app.bench.deeds import event
from seeds.scale.days import moment

NETWORK = "standard"
COMPANYS = COMPANY.encode()


class Deed(NamedTuple):
    """What one account did; names are what the network calls things, `at` a stamp.

    `counts`: whether the person lets the post count that it was done to.
    """

    at: int
    kind: str
    name: bytes
    actor: bytes
    target: bytes | None
    post: bytes | None
    thread: bytes | None
    relation: str
    counts: bool


class Count(NamedTuple):
    """A person's followers at a moment."""

    at: int
    followers: int


class Life(NamedTuple):
    """All that happened around a person, in order of time; `disclosed` are names of own posts."""

    person: int
    every: bool  # whether every post counts; otherwise disclosed ones
    deeds: list[Deed]
    disclosed: frozenset[bytes]
    counts: list[Count]


def account_of(person: int) -> bytes:
    """The name of a person's account."""
    return person_account(person).encode()


def text_of(post: bytes, tag: str) -> str:
    """What a post says: too short to be anybody's copy."""
    return f"Something worth a look, {post.decode()}. {tag}".strip()


def told(life: Life, tag: str) -> Iterator[tuple[int, bytes]]:
    """A person's life as Standard Webhooks deliveries, each with its moment."""
    for deed in life.deeds:
        yield deed.at, told_deed(deed, tag if deed.name in life.disclosed else "")
    account = account_of(life.person).decode()
    for count in life.counts:
        data = {"account": account, "followers": count.followers}
        yield count.at, event("followers.counted", moment(count.at), data)


def told_deed(deed: Deed, tag: str = "") -> bytes:
    """One deed as a delivery; `tag` is what an own post discloses by."""
    name, actor = deed.name.decode(), deed.actor.decode()
    if deed.kind == "post":
        data: dict[str, object] = {"id": name, "author": actor, "text": text_of(deed.name, tag)}
        return event("post.published", moment(deed.at), data)
    data = {"kind": deed.kind, "id": name, "actor": actor}
    data |= _named(("target", deed.target), ("post", deed.post), ("thread", deed.thread))
    return event("engagement.recorded", moment(deed.at), data)


def _named(*parts: tuple[str, bytes | None]) -> Iterable[tuple[str, object]]:
    return ((word, name.decode()) for word, name in parts if name is not None)
