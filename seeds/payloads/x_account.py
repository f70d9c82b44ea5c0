"""X's older account activity payloads (AAA): lists of events for one user, posts as in v1.1.

Still sent by subscriptions made before the change; shapes as in X's enterprise documentation
(2024-02) and the account-activity pages of 2026-08.
"""

from datetime import datetime
from typing import Any

from seeds.deeds import Act, Deed, Post
from seeds.faces import Face

Json = dict[str, Any]


def _time(at: datetime) -> str:
    return at.strftime("%a %b %d %H:%M:%S +0000 %Y")


def _ms(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


def _user(face: Face, deed: Deed) -> Json:
    return {
        "id": int(face.native_id), "id_str": face.native_id, "name": face.name,
        "screen_name": face.handle, "protected": False, "friends_count": 310,
        "followers_count": deed.followers.get(face.native_id, face.followers),
    }  # fmt: skip


def _tweet(post: Post, deed: Deed) -> Json:
    answers, shares = post.answers, post.shares
    text = post.text
    if post.reshare and shares is not None:
        text = f"RT @{shares.author.handle}: {post.text}"[:280]
    tweet: Json = {
        "created_at": _time(post.at), "id": int(post.number), "id_str": post.number, "text": text,
        "truncated": False,
        "in_reply_to_status_id": int(answers.number) if answers else None,
        "in_reply_to_status_id_str": answers.number if answers else None,
        "in_reply_to_user_id": int(answers.author.native_id) if answers else None,
        "in_reply_to_user_id_str": answers.author.native_id if answers else None,
        "in_reply_to_screen_name": answers.author.handle if answers else None,
        "user": _user(post.author, deed),
        "is_quote_status": shares is not None and not post.reshare,
        "retweet_count": 0, "favorite_count": 0, "reply_count": 0, "quote_count": 0,
        "entities": {
            "hashtags": [{"text": tag, "indices": [0, len(tag) + 1]} for tag in post.tags],
            "urls": [], "symbols": [], "user_mentions": _mentions(post, deed),
        },
        "timestamp_ms": _ms(post.at),
    }  # fmt: skip
    if shares is not None:
        if post.reshare:
            tweet["retweeted_status"] = _tweet(shares, deed)
        else:
            tweet["quoted_status_id"] = int(shares.number)
            tweet["quoted_status_id_str"] = shares.number
            tweet["quoted_status"] = _tweet(shares, deed)
    return tweet


def _mentions(post: Post, deed: Deed) -> list[Json]:
    named = post.answers.author if post.answers else None
    if deed.act is Act.MENTION and post is deed.made:
        named = deed.to
    if named is None:
        return []
    return [{"id": int(named.native_id), "id_str": named.native_id, "name": named.name,
             "screen_name": named.handle, "indices": [0, len(named.handle) + 1]}]  # fmt: skip


def told_by_account_activity(deed: Deed, subscriber: Face, number: str) -> Json:
    """The body X sends for a deed to a subscriber; `number` is the event's own (likes have one)."""
    body: Json = {"for_user_id": subscriber.native_id}
    if deed.made is not None:
        if subscriber != deed.actor:
            body["user_has_blocked"] = "false"
        body["tweet_create_events"] = [_tweet(deed.made, deed)]
    elif deed.act is Act.LIKE and deed.post is not None:
        body["favorite_events"] = [
            {"id": f"{int(number):032x}", "created_at": _time(deed.at),
             "timestamp_ms": int(_ms(deed.at)), "favorited_status": _tweet(deed.post, deed),
             "user": _user(deed.actor, deed)}
        ]  # fmt: skip
    elif deed.act is Act.DELETE and deed.post is not None:
        body["tweet_delete_events"] = [
            {"status": {"id": deed.post.number, "user_id": deed.actor.native_id},
             "timestamp_ms": _ms(deed.at)}
        ]  # fmt: skip
    else:
        assert deed.to is not None, "only follows are left"
        body["follow_events"] = [
            {"type": "follow" if deed.act is Act.FOLLOW else "unfollow",
             "created_timestamp": _ms(deed.at), "target": _user(deed.to, deed),
             "source": _user(deed.actor, deed)}
        ]  # fmt: skip
    return body
