"""Facebook's words: what happens on the company's page, its `feed` and its `mention`.

Shapes as in Meta's reference of the page's webhook, read 2026-11-01. A change is one deed; Meta puts
many of them into one delivery when much happens at once.
"""

from collections.abc import Sequence
from typing import Any

from seeds.deeds import Act, Deed, Post
from seeds.faces import Face
from seeds.payloads.meta import batch, seconds, written

Json = dict[str, Any]
_FEELINGS = ("like", "love", "care", "wow", "haha")


def told_by_page(deeds: Sequence[Deed], page: Face) -> Json | None:
    """The delivery about a page that one deed or several make; None where Facebook tells none of it."""
    changes = [change for deed in deeds if (change := _change(deed, page)) is not None]
    return batch("page", page.native_id, deeds[-1].at, changes) if changes else None


def _change(deed: Deed, page: Face) -> Json | None:
    if deed.act is Act.MENTION and deed.to == page:
        return {"field": "mention", "value": _mentioned(deed)}
    value = _value(deed, page)
    if value is None:
        return None
    by = {"id": deed.actor.native_id, "name": deed.actor.name}
    return {"field": "feed", "value": {"from": by, **value, "created_time": seconds(deed.at)}}


def _value(deed: Deed, page: Face) -> Json | None:
    made, post = deed.made, deed.post
    match deed.act:
        case Act.POST if made is not None and deed.actor == page:
            return {
                "item": "status", "verb": "add", "post_id": made.native_id, "published": 1,
                "message": made.text, "post": {"permalink_url": _address(made), "id": made.native_id},
            }  # fmt: skip
        case Act.RESHARE | Act.QUOTE if made is not None and post is not None:
            return _share(made, "add") | {"link": _address(post)} | (
                {} if made.reshare else {"message": made.text}
            )  # fmt: skip
        case Act.LIKE | Act.UNLIKE if post is not None and deed.to == page:
            verb = "add" if deed.act is Act.LIKE else "remove"
            return {
                "item": "reaction", "verb": verb, "post_id": post.native_id,
                "parent_id": post.native_id, "reaction_type": _FEELINGS[int(post.number) % 5],
            }  # fmt: skip
        case Act.REPLY if made is not None and post is not None:
            return _comment(made, post, "add") | {"message": made.text, "post": _shown(made.thread)}
        case Act.DELETE if post is not None and post.answers is not None:
            return _comment(post, post.answers, "remove")
        case Act.DELETE if post is not None and post.shares is not None:
            return _share(post, "remove")
        case Act.DELETE if post is not None:
            return {"item": "status", "verb": "remove", "post_id": post.native_id}
    return None


def _share(made: Post, verb: str) -> Json:
    return {
        "item": "share", "verb": verb, "share_id": int(made.number), "post_id": made.native_id,
        **({"published": 1} if verb == "add" else {}),
    }  # fmt: skip


def _comment(made: Post, on: Post, verb: str) -> Json:
    return {
        "item": "comment", "verb": verb, "comment_id": made.native_id,
        "post_id": made.thread.native_id, "parent_id": on.native_id,
    }  # fmt: skip


def _shown(post: Post) -> Json:
    return {
        "status_type": "mobile_status_update", "is_published": True, "updated_time": written(post.at),
        "permalink_url": _address(post), "promotion_status": "inactive", "id": post.native_id,
    }  # fmt: skip


def _mentioned(deed: Deed) -> Json:
    """A mention does not say by whom: whose post it is stands in the post's name alone."""
    assert deed.made is not None, "a mention is a post"
    return {
        "item": "post", "verb": "add", "message": deed.made.text, "post_id": deed.made.native_id,
        "created_time": seconds(deed.at),
    }  # fmt: skip


def _address(post: Post) -> str:
    return f"{post.author.url}/posts/{post.number}"
