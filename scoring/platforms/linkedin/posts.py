"""The page's own posts as polled (`GET /rest/posts?q=author`): the only way LinkedIn tells that the company
reshared somebody's post. Shape: learn.microsoft.com/linkedin, Posts API, read 2026-11-01."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from scoring.facts import Engagement, Fact, Kind, Post, Telling
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload


def adapt(whole: Payload, received_at: datetime) -> Telling:
    """Every published, public post of an answer. Raises UnusableFact."""
    parts = Parts()
    for post in whole["elements"]:
        parts.take(post, partial(_told, post, received_at), lambda: "no public posts")
    return parts.telling("no public posts")


def _told(post: Payload, received_at: datetime) -> Iterator[Fact]:
    if post["visibility"].word() != "PUBLIC" or post["lifecycleState"].word() != "PUBLISHED":
        return
    name, author = post["id"].id(), post["author"].id()
    at = post.either("publishedAt", "createdAt").plausible_time(received_at)
    words = post["commentary"].text() if post["commentary"].given else ""
    parent = post["reshareContext"].either("parent", "root")
    shared = parent.id() if parent.given else None
    yield Post(
        name, author, at or received_at, text=words or None,
        url=f"https://www.linkedin.com/feed/update/{name}/", shares=shared,
    )  # fmt: skip
    if shared is None:
        yield Engagement(Kind.POST, name, author, None, occurred_at=at)
    else:
        kind = Kind.QUOTE if words.strip() else Kind.RESHARE
        yield Engagement(kind, name, author, None, post=shared, occurred_at=at)
