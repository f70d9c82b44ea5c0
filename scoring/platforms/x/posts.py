"""An X post in one shape for both APIs, and the facts it tells.

Laws: the same post gives the same engagements whichever API tells it, and to whomever; an edited post, to
which X gives a new number each time, is the post it was, and gone when any version is deleted.
Source: docs.x.com, x-api/fundamentals/edit-posts, read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scoring.facts import Engagement, Fact, Kind, Post, Removal

# X puts the people of a conversation before the text of a reply; they were not addressed by the
# author.
_ADDRESSEES = re.compile(r"(?:@\w{1,50}\s+)*")


@dataclass(frozen=True, slots=True)
class Reference:
    """A post that another one reposts, quotes or answers; `author` None where X does not say."""

    post: str
    author: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """An account named in a text, and where its name begins."""

    account: str
    start: int


@dataclass(frozen=True, slots=True)
class XPost:
    """What both APIs say about a post."""

    id: str
    author: str
    text: str
    published_at: datetime | None
    thread: str | None
    topics: tuple[str, ...]
    mentions: tuple[Mention, ...]
    reposts: Reference | None
    quotes: Reference | None
    answers: Reference | None
    also: tuple[str, ...] = ()  # its later versions

    def mentioned(self) -> Iterator[str]:
        """Whom the author named: neither the people a reply begins with nor the author."""
        begins_at = 0
        if self.answers and (addressees := _ADDRESSEES.match(self.text)):
            begins_at = addressees.end()
        spared = {self.author, self.answers.author if self.answers else None}
        for mention in self.mentions:
            if mention.start >= begins_at and mention.account not in spared:
                yield mention.account


def named(name: str, versions: list[str]) -> tuple[str, tuple[str, ...]]:
    """What a post is called whatever its version, and its other numbers; `versions` the oldest first."""
    if name not in versions:
        return name, ()
    return versions[0], tuple(dict.fromkeys(one for one in versions if one != versions[0]))


def told_by(post: XPost) -> Iterator[Fact]:
    """The deeds in a post. A repost of a quote is a repost; an answer that quotes is both."""
    described = described_by(post)
    if described is not None:
        yield described
    if post.reposts:
        yield deed(Kind.RESHARE, post, post.reposts)
        return
    if post.answers:
        yield deed(Kind.REPLY, post, post.answers)
    if post.quotes:
        yield deed(Kind.QUOTE, post, post.quotes)
    if not post.answers and not post.quotes:
        yield _of(post, Kind.POST)
    for account in post.mentioned():
        yield mention(post, account)
    # Versions between the first and the newest are over: with the newest the post is gone.
    yield from map(Removal, post.also[:-1])


def deed(kind: Kind, post: XPost, reference: Reference) -> Engagement:
    """What a post does to another one."""
    return _of(post, kind, reference.author, reference.post)


def mention(post: XPost, account: str) -> Engagement:
    """That a post names an account."""
    return _of(post, Kind.MENTION, account)


def _of(post: XPost, kind: Kind, target: str | None = None, other: str | None = None) -> Engagement:
    return Engagement(
        kind,
        post.id,
        post.author,
        target,
        post=other,
        thread=post.thread,
        occurred_at=post.published_at,
        also=post.also,
    )


def described_by(post: XPost) -> Post | None:
    """The post itself, where its time is known. A repost's text is the other one's and is left
    out."""
    if post.published_at is None:
        return None
    shared = post.reposts or post.quotes
    return Post(
        post.id,
        post.author,
        post.published_at,
        text=None if post.reposts else post.text,
        url=f"https://x.com/i/web/status/{post.id}" if post.id.isdecimal() else None,
        topics=() if post.reposts else post.topics,
        shares=shared.post if shared else None,
    )


def like(actor: str | None, post: str, author: str, at: datetime | None, event: str) -> Engagement:
    """A like. Where X does not say whose, it has the event's own name and stays one of nobody."""
    native_id = f"like:{actor}>{post}" if actor is not None else f"like#{event}"
    return Engagement(Kind.REACTION, native_id, actor, author, post=post, occurred_at=at)


def follow_name(source: str, target: str) -> str:
    """The name of a follow, for the deed and for its undoing."""
    return f"{source}>{target}"
