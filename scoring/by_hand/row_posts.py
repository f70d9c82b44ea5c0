"""The known posts that the rows of a file speak of: by the network's name, by address, by moment.

Law: where two posts fit a row, neither is meant.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from scoring.by_hand.known import same
from scoring.by_hand.row_read import RowRead
from scoring.connection import Connection
from scoring.identity import native_key

_MOST_TWINS: Final = (
    200_000  # posts looked at where one may have two ids; far more than anybody hands in
)


@dataclass(frozen=True, slots=True)
class RowPost:
    """A known post of a row."""

    id: UUID
    native_id: str
    author_id: UUID


async def posts_of(
    connection: Connection, network: str, read: Sequence[RowRead]
) -> dict[int, RowPost]:
    """The known post of each row, by its name or its address."""
    keys: dict[UUID, list[RowRead]] = {}
    for one in read:
        keys.setdefault(native_key(network, one.named.native_id), []).append(one)
    rows = await connection.fetch(
        """select distinct on (a.key) a.key, p.post_id, p.native_id, p.author_id
           from unnest($1::uuid[]) as a(key) left join statement_moved m on m.post_id = a.key
           join post p on p.post_id = coalesce(m.now_id, a.key)
           order by a.key, p.published_at, p.author_id""",
        list(keys),
    )
    found = {
        one.line: RowPost(row["post_id"], row["native_id"], row["author_id"])
        for row in rows
        for one in keys[row["key"]]
    }
    urls: dict[str, list[RowRead]] = {}
    for one in read:
        if one.line not in found:
            for url in _ways_to_write({one.text, one.named.address}):
                urls.setdefault(url, []).append(one)
    if not urls:
        return found
    rows = await connection.fetch(
        """select t.url, p.post_id, p.native_id, p.author_id from post_text t
           join lateral (select * from post where post.post_id = t.post_id and post.platform = $2
                         order by published_at, author_id limit 1) p on true
           where t.url = any($1::text[]) order by p.post_id""",
        list(urls),
        network,
    )
    for row in rows:
        for one in urls[row["url"]]:
            found.setdefault(one.line, RowPost(row["post_id"], row["native_id"], row["author_id"]))
    return found


def _ways_to_write(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        if "://" in address:
            bare = address.rstrip("/")
            yield from (bare, f"{bare}/")


class Twins:
    """Posts of a network on which one post has several ids, by their moments; read once, if ever. Where two
    fit, neither does."""

    def __init__(self, network: str) -> None:
        self._network = network
        self._posts: list[tuple[datetime, RowPost, str]] | None = None

    async def find(self, connection: Connection, read: Sequence[RowRead]) -> dict[int, RowPost]:
        """The post of each row that is known under another id."""
        found = {}
        for one in read:
            if one.named.twins_s <= 0 or one.named.published_at is None:
                continue
            if self._posts is None:
                self._posts = await self._every(connection)
            about = timedelta(seconds=one.named.twins_s)
            begin = bisect_left(
                self._posts, one.named.published_at - about, key=lambda each: each[0]
            )
            fitting: dict[UUID, RowPost] = {}
            for at, post, url in self._posts[begin:]:
                if at > one.named.published_at + about:
                    break
                if same(self._network, url, one.named):
                    fitting.setdefault(post.author_id, post)
            # Whoever publishes in the same moment as others does not get what was counted of theirs.
            if len(fitting) == 1:
                found[one.line] = next(iter(fitting.values()))
        return found

    async def _every(self, connection: Connection) -> list[tuple[datetime, RowPost, str]]:
        rows = await connection.fetch(
            """select p.published_at, p.post_id, p.native_id, p.author_id, t.url
               from post p join post_text t using (post_id)
               where p.platform = $1 and t.url is not null
               order by p.published_at desc limit $2""",
            self._network,
            _MOST_TWINS,
        )
        return [
            (
                row["published_at"],
                RowPost(row["post_id"], row["native_id"], row["author_id"]),
                row["url"],
            )
            for row in reversed(rows)
        ]
