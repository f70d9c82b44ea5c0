"""Threads' words: one flat envelope a deed, about accounts whose owners let the app hear them.

Shapes as documented (developers.facebook.com/docs/threads/webhooks, read 2026-11-01).
"""

from hashlib import blake2b
from typing import Any

from seeds.deeds import Act, Deed, Post
from seeds.faces import Face
from seeds.payloads.meta import seconds, written

Json = dict[str, Any]
APP, SUBSCRIPTION = "1357900000000001", "2468000000000001"


def told_about(deed: Deed, subscriber: Face) -> Json | None:
    """The delivery to a subscriber; None where Threads does not tell it."""
    made = deed.made
    if deed.act is Act.DELETE and deed.post is not None and subscriber == deed.actor:
        value: Json = {
            "id": deed.post.native_id, "owner": {"owner_id": _number(deed.actor)},
            "deleted_at": written(deed.at), "timestamp": written(deed.post.at),
            "username": deed.actor.handle,
        }  # fmt: skip
        return _envelope(deed, "moderate", deed.post.native_id, "delete", value)
    if made is None:
        return None
    if subscriber == deed.actor:
        return _envelope(deed, "interaction", _number(subscriber), "publish", _post(made))
    if deed.act is Act.REPLY and deed.post is not None:
        return _envelope(deed, "moderate", deed.post.thread.native_id, "replies", _post(made))
    if deed.act in (Act.MENTION, Act.QUOTE):
        value = _post(made)
        if f"@{subscriber.handle}" not in value["text"]:
            value["text"] += f" @{subscriber.handle}"  # why it is told: the post names the account
        return _envelope(deed, "interaction", _number(subscriber), "mentions", value)
    return None  # likes, follows and reposts by others are never told


def _envelope(deed: Deed, topic: str, target: str, field: str, value: Json) -> Json:
    return {
        "app_id": APP, "topic": topic, "target_id": target, "time": seconds(deed.at) + 1,
        "subscription_id": SUBSCRIPTION, "has_uid_field": False,
        "values": {"value": value, "field": field},
    }  # fmt: skip


def _number(face: Face) -> str:
    digest = blake2b(face.native_id.encode(), digest_size=6).digest()
    return str(26_000_000_000_000_000 + int.from_bytes(digest) % 10**15)


def _post(post: Post) -> Json:
    short = f"D{blake2b(post.number.encode(), digest_size=5).hexdigest()}"
    reposts = post.reshare and post.shares is not None
    value: Json = {
        "id": post.native_id, "username": post.author.handle, "media_product_type": "THREADS",
        "media_type": "REPOST_FACADE" if reposts else "TEXT_POST", "shortcode": short,
        "permalink": f"{post.author.url}/post/{short}", "timestamp": written(post.at),
        "has_replies": False, "is_quote_post": post.shares is not None and not reposts,
        "is_reply": post.answers is not None,
    }  # fmt: skip
    if not reposts:
        value["text"] = post.text
    if post.answers is not None:
        root = post.thread
        value["replied_to"] = {"id": post.answers.native_id}
        value["root_post"] = {
            "id": root.native_id, "owner_id": _number(root.author), "username": root.author.handle,
        }  # fmt: skip
    if post.shares is not None:
        name = "reposted_post" if reposts else "quoted_post"
        shown = {"id": post.shares.native_id}
        value[name] = shown | {"username": post.shares.author.handle}
    return value
