"""Deliveries that people make: written by Fanfare itself when something was confirmed or a file applied.

Law: one shape for all networks, which only the sources `hand` and `import` have; no webhook can send it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from scoring.connection import Connection
from scoring.facts import (
    Delivery,
    Engagement,
    Fact,
    Figure,
    Kind,
    Post,
    Removal,
    Telling,
    UnusableFact,
)

Way = Literal["hand", "import"]
WAYS: Final[frozenset[str]] = frozenset({"hand", "import"})
MOST_FIGURES: Final = 4_000  # of one delivery: half a megabyte, of one that the table takes


class SaidPost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post that no network told of."""

    id: str
    author: str
    published_at: datetime
    url: str | None = None


class SaidFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A count of something done to a post."""

    post: str
    kind: Kind
    value: int
    observed_at: datetime


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of one delivery."""

    posts: tuple[SaidPost, ...] = ()
    figures: tuple[SaidFigure, ...] = ()
    gone: tuple[str, ...] = ()  # posts that their network calls otherwise


def read(delivery: Delivery) -> Telling:
    """What such a delivery tells. Raises UnusableFact."""
    try:
        said = msgspec.json.decode(delivery.body, type=Said)
    except (msgspec.DecodeError, ValueError) as error:
        raise UnusableFact(f"this is no delivery by hand or from a file: {error}") from None
    return Telling.of(_facts(said))


def figures_in(body: bytes) -> tuple[SaidFigure, ...]:
    """The figures in such a delivery's body; none in one that cannot be read."""
    try:
        return msgspec.json.decode(body, type=Said).figures
    except (msgspec.DecodeError, ValueError):
        return ()


def _facts(said: Said) -> Iterable[Fact]:
    for post in said.posts:
        yield Post(post.id, post.author, post.published_at, url=post.url)
        yield Engagement(Kind.POST, post.id, post.author, None, occurred_at=post.published_at)
    yield from map(Removal, said.gone)
    for figure in said.figures:
        yield Figure(figure.post, figure.kind, figure.value, figure.observed_at)


async def deliver(
    connection: Connection,
    platform: str,
    way: Way,
    said: Said,
    now: datetime,
    *,
    headers: dict[str, str] | None = None,
) -> bool:
    """Put it before the workers, in the caller's transaction; False where the same waits or was read."""
    body = msgspec.json.encode(said)
    key = f"{way}:{hashlib.sha256(body).hexdigest()}"
    id_ = await connection.fetchval(
        """with put as (
             insert into delivery (recorded_on, platform, source, delivery_key, headers, body, received_at)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id, recorded_on)
           insert into pending_delivery (delivery_id, recorded_on) select id, recorded_on from put
           returning delivery_id""",
        now.astimezone(UTC).date(),
        platform,
        way,
        key,
        json.dumps(headers or {}),
        body,
        now,
    )
    return id_ is not None


def cut(figures: Sequence[SaidFigure]) -> Iterable[Said]:
    """Many figures as deliveries, none of them larger than one may be."""
    for begin in range(0, len(figures), MOST_FIGURES):
        yield Said(figures=tuple(figures[begin : begin + MOST_FIGURES]))
