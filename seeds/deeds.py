"""What happens on the networks in a demo world, before anybody tells it to Fanfare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from scoring.identity import native_key
from seeds.faces import Face


class Act(StrEnum):
    """What somebody does."""

    POST = "post"
    REPLY = "reply"
    LIKE = "like"
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


def number_at(platform: str, at: datetime, salt: int) -> str:
    """An id as the network would give it at that moment: time first, then something unique."""
    ms = int(at.timestamp() * 1000)
    if platform == "x":
        return str((ms - X_EPOCH_MS) << 22 | salt % (1 << 22))
    return str(ms << 16 | salt % (1 << 16))


def native_id(platform: str, author: Face, number: str) -> str:
    """What Fanfare calls a post: X's number; on Mastodon the address all servers agree on."""
    if platform == "x":
        return number
    if platform == "standard":
        return f"topic-{number}"
    user, host = author.native_id.split("@")
    return f"https://{host}/users/{user}/statuses/{number}"


def moment(at: datetime) -> datetime:
    """A time with the milliseconds that networks tell."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
