"""Bluesky's words: records as Jetstream's first version tells them, one event a deed.

Shapes as in the lexicons app.bsky.feed and app.bsky.graph and in Jetstream's sources (read 2026-11-01).
A like, a repost and a follow are records of their own; undoing one deletes it by its key alone.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from seeds.deeds import Act, Deed, Post, tid
from seeds.faces import Face

Json = dict[str, Any]
_POST, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_LIKE, _FOLLOW = "app.bsky.feed.like", "app.bsky.graph.follow"
MOST_PROFILES = 25  # in one question
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def told_by_jetstream(deed: Deed) -> Json | None:
    """The event of a deed."""
    actor, made, post = deed.actor, deed.made, deed.post
    match deed.act:
        case Act.LIKE | Act.UNLIKE if post is not None:
            key = _key(actor.native_id, post.native_id)
            record = {"$type": _LIKE, "subject": _reference(post), "createdAt": _time(deed.at)}
            return _event(deed, _LIKE, key, record if deed.act is Act.LIKE else None)
        case Act.FOLLOW | Act.UNFOLLOW if deed.to is not None:
            key = _key(actor.native_id, deed.to.native_id)
            record = {"$type": _FOLLOW, "subject": deed.to.native_id, "createdAt": _time(deed.at)}
            return _event(deed, _FOLLOW, key, record if deed.act is Act.FOLLOW else None)
        case Act.DELETE if post is not None:
            return _event(deed, _REPOST if post.reshare else _POST, post.number, None)
        case Act.RESHARE if made is not None and post is not None:
            record = {"$type": _REPOST, "subject": _reference(post), "createdAt": _time(deed.at)}
            return _event(deed, _REPOST, made.number, record)
        case _ if made is not None:
            mentioned = deed.to if deed.act is Act.MENTION else None
            return _event(deed, _POST, made.number, _record(made, mentioned))
    return None


def told_by_profiles(counts: Sequence[tuple[Face, int]]) -> Json:
    """The answer of `app.bsky.actor.getProfiles`: how many follow each."""
    return {
        "profiles": [
            {"did": face.native_id, "handle": face.handle, "displayName": face.name,
             "followersCount": followers, "followsCount": 310, "postsCount": 920, "labels": []}
            for face, followers in counts
        ]
    }  # fmt: skip


def _event(deed: Deed, collection: str, key: str, record: Json | None) -> Json:
    commit: Json = {
        "rev": tid(deed.at, int.from_bytes(blake2b(key.encode(), digest_size=2).digest()) % 1024),
        "operation": "delete" if record is None else "create", "collection": collection, "rkey": key,
    }  # fmt: skip
    if record is not None:
        commit |= {"record": record, "cid": _cid(key)}
    us = int(deed.at.timestamp() * 1000) * 1000 + 180_000  # when the relay heard of it
    return {"did": deed.actor.native_id, "time_us": us, "kind": "commit", "commit": commit}


def _record(post: Post, mentioned: Face | None) -> Json:
    record: Json = {
        "$type": _POST, "createdAt": _time(post.at), "langs": ["en"], "text": post.text,
    }  # fmt: skip
    if facets := [*_tags(post), *_mention(post, mentioned)]:
        record["facets"] = facets
    if post.answers is not None:
        record["reply"] = {"root": _reference(post.thread), "parent": _reference(post.answers)}
    if post.shares is not None:
        record["embed"] = {"$type": "app.bsky.embed.record", "record": _reference(post.shares)}
    return record


def _tags(post: Post) -> list[Json]:
    return [_facet(post.text, f"#{tag}", {"$type": "app.bsky.richtext.facet#tag", "tag": tag})
            for tag in post.tags]  # fmt: skip


def _mention(post: Post, face: Face | None) -> list[Json]:
    if face is None:
        return []
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": face.native_id}
    return [_facet(post.text, f"@{face.handle}", feature)]


def _facet(text: str, words: str, feature: Json) -> Json:
    """Where the words stand, in bytes."""
    begin = text.encode().find(words.encode())
    return {"index": {"byteStart": begin, "byteEnd": begin + len(words.encode())},
            "features": [feature]}  # fmt: skip


def _reference(post: Post) -> Json:
    return {"cid": _cid(post.number), "uri": post.native_id}


def _key(*names: str) -> str:
    """The key of a record that is found again by who did what to whom; of the form of a TID."""
    digest = int.from_bytes(blake2b(">".join(names).encode(), digest_size=8).digest())
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    return "3" + "".join(letters[digest >> 5 * place & 31] for place in range(12))


def _cid(of: str) -> str:
    digest = int.from_bytes(blake2b(of.encode(), digest_size=32).digest())
    return "bafyrei" + "".join(_BASE32[digest >> 5 * place & 31] for place in range(52))


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
