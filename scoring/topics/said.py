"""What was ever said about the topics of posts, and what of it stands.

Law: a person's newest word about a post and a topic stands before any list's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from scoring.connection import Connection

AUTHOR: Final = "author"
COMMUNICATIONS: Final = "communications"


class Stands(NamedTuple):
    """A topic that was ever said of a post: whether it stands, and who said so."""

    topic: str
    stands: bool
    source: str  # hashtag | keyword | author | communications
    word: str | None  # of a list: by what it was found


async def topics_of(connection: Connection, posts: Sequence[UUID]) -> dict[UUID, list[Stands]]:
    """Of every post the topics ever said of it, by slug; an empty list where there are none."""
    rows = await connection.fetch(
        """select distinct on (post_id, topic) post_id, topic, stands, source, word from (
             select post_id, topic, stands, source, word, id, word is not null as by_list
             from topic_mark where post_id = any($1::uuid[])
             union all
             select post_id, value, true, 'hashtag', value, 0, true from mark
             where name = 'topic' and post_id = any($1::uuid[])) said
           order by post_id, topic, by_list, case when by_list then 0 else id end desc, source, word""",
        list(posts),
    )
    found: dict[UUID, list[Stands]] = {post: [] for post in posts}
    for row in rows:
        found[row["post_id"]].append(
            Stands(row["topic"], row["stands"], row["source"], row["word"])
        )
    return found
