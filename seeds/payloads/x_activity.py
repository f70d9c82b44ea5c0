"""X's current activity payloads (XAA): one event an envelope, counters doubled as strings.

Shapes as documented by X in 2026-08 (Activity API, event payloads).
"""

from hashlib import blake2b
from typing import Any

from seeds.deeds import Act, Deed, Post
from seeds.faces import Face

Json = dict[str, Any]


def _time(post: Post) -> str:
    return post.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _counters(**counts: int) -> Json:
    return {k: v for name, n in counts.items() for k, v in ((name, n), (f"{name}_str", str(n)))}


def _user(face: Face, deed: Deed) -> Json:
    followers = deed.followers.get(face.native_id, face.followers)
    return {
        "id": face.native_id, "username": face.handle, "name": face.name,
        "public_metrics": _counters(
            followers_count=followers, following_count=310, tweet_count=920, listed_count=4,
            like_count=77, media_count=12,
        ),
    }  # fmt: skip


def _post(post: Post) -> Json:
    text = post.text
    mentions = []
    if post.reshare and post.shares is not None:
        text = f"RT @{post.shares.author.handle}: {post.text}"[:280]
        author = post.shares.author
        mentions.append({"start": 3, "end": 4 + len(author.handle), "username": author.handle,
                         "id": author.native_id})  # fmt: skip
    tags, at = [], 0
    for tag in post.tags:
        at = text.find(f"#{tag}", at)
        if at >= 0:
            tags.append({"start": at, "end": at + len(tag) + 1, "tag": tag})
    body: Json = {
        "id": post.number, "author_id": post.author.native_id, "text": text,
        "created_at": _time(post), "conversation_id": post.thread.number,
        "edit_history_tweet_ids": [post.number], "lang": "en", "possibly_sensitive": False,
        "reply_settings": "everyone", "paid_partnership": False,
        "public_metrics": _counters(
            retweet_count=0, reply_count=0, like_count=0, quote_count=0, bookmark_count=0,
            impression_count=0,
        ),
    }  # fmt: skip
    referenced = []
    if post.answers is not None:
        referenced.append({"type": "replied_to", "id": post.answers.number})
        body["in_reply_to_user_id"] = post.answers.author.native_id
        body["in_reply_to_tweet_id"] = post.answers.number
    if post.shares is not None:
        kind = "retweeted" if post.reshare else "quoted"
        referenced.append({"type": kind, "id": post.shares.number})
    if referenced:
        body["referenced_tweets"] = referenced
    body["entities"] = {"mentions": mentions, "hashtags": tags}
    return body


_EVENT_FOR_TARGET = {
    Act.REPLY: "post.reply.create", Act.QUOTE: "post.quote.create",
    Act.RESHARE: "post.repost.create", Act.MENTION: "post.mention.create",
}  # fmt: skip


def _payload(deed: Deed, subscriber: Face) -> tuple[str, Json]:
    if deed.made is not None:
        own = subscriber == deed.actor
        return "post.create" if own else _EVENT_FOR_TARGET[deed.act], _post(deed.made)
    if deed.act is Act.LIKE and deed.post is not None:
        ms = int(deed.at.timestamp() * 1000)
        return "like.create", {
            "id": blake2b(f"{deed.actor.native_id} {deed.post.number}".encode(), digest_size=8)
            .hexdigest(),
            "created_at": deed.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "timestamp_ms": str(ms), "liked_tweet_id": deed.post.number,
            "liked_tweet_author_id": deed.post.author.native_id,
        }  # fmt: skip
    if deed.act is Act.DELETE and deed.post is not None:
        return "post.delete", {"id": deed.post.number, "author_id": deed.actor.native_id}
    assert deed.to is not None, "only follows are left"
    event = "follow.follow" if deed.act is Act.FOLLOW else "follow.unfollow"
    return event, {
        "source": {"data": _user(deed.actor, deed)}, "target": {"data": _user(deed.to, deed)},
    }  # fmt: skip


def told_by_activity(deed: Deed, subscriber: Face, uuid: str) -> Json:
    """The envelope X sends for a deed to that subscriber; `uuid` is the event's own."""
    event, payload = _payload(deed, subscriber)
    includes: Json = {}
    if deed.act is Act.DELETE:
        includes["users"] = [{"data": _user(deed.actor, deed)}]
    elif deed.act not in (Act.FOLLOW, Act.UNFOLLOW):
        faces = {face.native_id: face for face in (deed.actor, deed.to) if face is not None}
        includes["users"] = [_user(face, deed) for face in faces.values()]
        shown = deed.post or (deed.made.shares if deed.made else None)
        if shown is not None:
            includes["tweets"] = [_post(shown)]
    inbound = subscriber != deed.actor
    filtered: Json = {"user_id": subscriber.native_id}
    if deed.act is Act.LIKE:
        filtered["direction"] = "inbound" if inbound else "outbound"
    return {
        "data": {
            "event_uuid": uuid, "filter": filtered, "event_type": event,
            "tag": f"{subscriber.handle}-{event.split('.')[0]}", "payload": payload,
            "includes": includes,
        }
    }  # fmt: skip
