"""What a list finds among the posts there are, as the page shows it.

Law: a post stands there with its author only as everybody may see them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from app.council import Whose
from app.database import Connection
from app.pages.deeds import quoted
from app.pages.faces import Face, faces, unnamed
from app.pages.wall import label, safe_address
from scoring import TopicalPost, TopicList, would_find

LOOKED_BACK: Final = timedelta(days=30)


async def found_by(
    connection: Connection, list_: TopicList, *, now: datetime, secret: str
) -> dict[str, Any]:
    """Counts, words and a few posts of the last month."""
    found = await would_find(connection, list_, since=now - LOOKED_BACK, before=now)
    people = [post.person_id for post, _ in found.examples]
    known = await faces(connection, people, now=now, secret=secret, whose=Whose.NAME)
    return {
        "looked_at": found.looked_at,
        "finds": found.finds,
        "already": found.already,
        "words": list(found.words.items())[:12],
        "examples": [
            {
                **shown(post, known[post.person_id]),
                "by": ", ".join(
                    f"#{one.word}" if one.source == "hashtag" else f"“{one.word}”" for one in words
                ),
            }
            for post, words in found.examples
            if post.person_id in known
        ],
    }


def shown(post: TopicalPost, seen: Face) -> dict[str, Any]:
    """A post and its author as everybody may see them."""
    face = unnamed(seen)
    return {
        "name": face.name,
        "tint": None if face.is_alias else face.tint,
        "network": label(post.platform),
        "published_at": post.published_at,
        "text": quoted(post.text, 280),
        "url": safe_address(post.url),
    }
