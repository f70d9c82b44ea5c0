"""What happens on the networks in a demo world, before anybody tells it to Fanfare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from scoring.identity import native_key
from seeds.faces import Face


class Act(StrEnum):
    """What somebody does."""

    POST = "post"
    REPLY = "reply"
    LIKE = "like"
    UNLIKE = "unlike"  # told by few networks
    RESHARE = "reshare"
    QUOTE = "quote"
    MENTION = "mention"  # naming somebody in a post that answers nobody
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    DELETE = "delete"  # of an own post, reply, quote or reshare


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the networks know it; replies, quotes and reshares are posts too.

    `number` is the id the network counts with (a snowflake), `native_id` the one Fanfare knows.
    """

    platform: str
    number: str
    native_id: str
    author: Face
    text: str
    tags: tuple[str, ...]
    at: datetime
    answers: Post | None = None
    shares: Post | None = None
    reshare: bool = False  # `shares` without own words

    @property
    def thread(self) -> Post:
        """The post that began the conversation."""
        return self if self.answers is None else self.answers.thread

    @property
    def key(self) -> UUID:
        """The post's id in `scoring`."""
        return native_key(self.platform, self.native_id)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing one account did, at a moment; `followers` are the counts the network shows then."""

    act: Act
    at: datetime
    actor: Face
    to: Face | None
    post: Post | None  # the post acted on
    made: Post | None  # the post that came of it
    followers: dict[str, int]  # native id -> count, of everybody the deed shows


X_EPOCH_MS = 1_288_834_974_657  # snowflakes of X count from 2010-11-04
_TID = "234567abcdefghijklmnopqrstuvwxyz"
_VIDEO = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def tid(at: datetime, clock: int) -> str:
    """A record key or revision of the AT Protocol: microseconds, then which clock told them."""
    number = int(at.timestamp() * 1000) * 1000 << 10 | clock % (1 << 20)
    return "".join(_TID[number >> 5 * place & 31] for place in reversed(range(13)))


def number_at(platform: str, at: datetime, salt: int) -> str:
    """An id as the network would give it at that moment: time first, then something unique."""
    ms = int(at.timestamp() * 1000)
    match platform:
        case "x":
            return str((ms - X_EPOCH_MS) << 22 | salt % (1 << 22))
        case "linkedin":
            return str(ms << 22 | salt % (1 << 22))
        case "bluesky":
            return tid(at, salt)
        case "threads" | "instagram":  # 17 digits
            return str(17_900_000_000_000_000 + ms % 10**11 * 1000 + salt % 1000)
        case "facebook":
            return str(ms * 1000 + salt % 1000)
        case "youtube":  # 11 characters that tell nothing
            digest = int.from_bytes(blake2b(f"{ms} {salt}".encode(), digest_size=9).digest())
            return "".join(_VIDEO[digest // 62**place % 62] for place in range(11))
    return str(ms << 16 | salt % (1 << 16))


def native_id(
    author: Face, number: str, answers: Post | None, shares: Post | None, reshare: bool
) -> str:
    """What Fanfare calls a post: on Mastodon and Bluesky the address that all servers agree on."""
    match author.platform:
        case "standard":
            return f"topic-{number}"
        case "mastodon":
            user, host = author.native_id.split("@")
            return f"https://{host}/users/{user}/statuses/{number}"
        case "bluesky":
            collection = "app.bsky.feed.repost" if reshare else "app.bsky.feed.post"
            return f"at://{author.native_id}/{collection}/{number}"
        case "facebook" if answers is not None:
            return f"{answers.thread.number}_{number}"
        case "facebook":  # whatever stands on a page is named after it
            page = shares.author.native_id if shares and not author.company else author.native_id
            return f"{page}_{number}"
        case "linkedin" if answers is not None:
            return f"urn:li:comment:({activity_of(answers.thread)},{number})"
        case "linkedin":
            return f"urn:li:share:{number}"
    return number


def activity_of(post: Post) -> str:
    """The other name LinkedIn has for a post."""
    return f"urn:li:activity:{int(post.number) + 1}"


def number_of(native_id: str) -> str:
    """The number behind a post's name, for posts that do not answer."""
    return re.split(r"[/:_-]", native_id)[-1]


def moment(at: datetime) -> datetime:
    """A time with the milliseconds that networks tell."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
