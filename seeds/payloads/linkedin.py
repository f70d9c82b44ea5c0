"""LinkedIn's words: what members do with posts of the company's page, and the page's posts as polled.

Shapes of comments and shares as documented (organisation social action notifications, Posts API, read
2026-11-01); of likes as others have seen them. A delivery holds up to ten notifications.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from seeds.deeds import Act, Deed, Post, activity_of
from seeds.faces import Face

Json = dict[str, Any]
TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
MOST = 10
_ADMINISTRATOR = "urn:li:person:AdMin00001"  # who subscribed for the page


def told_by_page(deeds: Sequence[Deed], page: Face, number: int) -> Json | None:
    """One delivery about up to ten deeds; None where LinkedIn tells none of them.

    `number` is the first notification's own; LinkedIn's run below zero too.
    """
    told = [one for deed in deeds[:MOST] if (one := _notification(deed, page)) is not None]
    if not told:
        return None
    return {
        "type": TYPE,
        "notifications": [{"notificationId": number + n, **one} for n, one in enumerate(told)],
    }


def told_by_poll(posts: Sequence[Post]) -> Json:
    """The page's own posts, the newest first, as its administrator may ask for them."""
    return {
        "paging": {"start": 0, "count": MOST, "links": []},
        "elements": [_polled(post) for post in posts],
    }


def _notification(deed: Deed, page: Face) -> Json | None:
    made, post = deed.made, deed.post
    match deed.act:
        case Act.LIKE if post is not None:
            urn = f"urn:li:like:({deed.actor.native_id},{activity_of(post)})"
            return _about(deed, page, post, "LIKE", urn)
        case Act.REPLY if made is not None:
            action = "ADMIN_COMMENT" if deed.actor == page else "COMMENT"
            # In one place the URN is written short, in the other whole.
            short = made.native_id.replace("(urn:li:", "(")
            shown = {"owner": deed.actor.native_id, "text": made.text, "entity": made.native_id,
                     "object": activity_of(made.thread)}  # fmt: skip
            return _about(deed, page, made.thread, action, short) | {
                "decoratedGeneratedActivity": {"comment": shown}
            }
        case Act.RESHARE | Act.QUOTE if (
            made is not None and post is not None and deed.actor != page
        ):
            shown = {"owner": deed.actor.native_id, "text": "" if made.reshare else made.text,
                     "entity": made.native_id, "mediaCategory": "NONE"}  # fmt: skip
            return _about(deed, page, post, "SHARE", made.native_id) | {
                "decoratedGeneratedActivity": {"share": shown}
            }
        case Act.MENTION if made is not None:
            return {
                "organizationalEntity": page.native_id, "action": "SHARE_MENTION",
                "sourcePost": activity_of(made), "lastModifiedAt": _ms(deed.at),
                "generatedActivity": made.native_id, "subscriber": _ADMINISTRATOR,
            }  # fmt: skip
        case Act.DELETE if post is not None and post.answers is not None:
            return _about(deed, page, post.thread, "COMMENT_DELETE",
                          post.native_id.replace("(urn:li:", "("))  # fmt: skip
    return None  # no unlike, no unshare, nothing of members' own posts


def _about(deed: Deed, page: Face, post: Post, action: str, urn: str) -> Json:
    return {
        "organizationalEntity": page.native_id, "action": action, "sourcePost": activity_of(post),
        "decoratedSourcePost": {
            "owner": page.native_id, "mediaCategory": "NONE", "text": post.text,
            "entity": post.native_id,
        },
        "lastModifiedAt": _ms(deed.at), "subscriber": _ADMINISTRATOR, "generatedActivity": urn,
    }  # fmt: skip


def _polled(post: Post) -> Json:
    body: Json = {
        "id": post.native_id, "author": post.author.native_id,
        "commentary": "" if post.reshare else post.text, "visibility": "PUBLIC",
        "lifecycleState": "PUBLISHED", "createdAt": _ms(post.at) - 1, "publishedAt": _ms(post.at),
        "lastModifiedAt": _ms(post.at), "isReshareDisabledByAuthor": False,
    }  # fmt: skip
    if post.shares is not None:
        body["reshareContext"] = {"parent": post.shares.native_id, "root": post.shares.native_id}
    return body


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
