"""Mastodon's words: the admin webhook of the company's server tells what its own accounts write,
each person's notifications what others do to them.

Shapes as in Mastodon's documentation, entities Status, Account and Notification (4.5).
"""

from datetime import datetime
from hashlib import blake2b
from typing import Any

from seeds.deeds import Act, Deed, Post
from seeds.faces import Face
from seeds.personas import MASTODON_HOST

Json = dict[str, Any]


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(face: Face) -> str:
    """The id the company's server gives an account; elsewhere meaningless, so any will do."""
    digest = blake2b(face.native_id.encode(), digest_size=6).digest()
    return str(110_000_000_000_000_000 + int.from_bytes(digest, "big"))


def account(face: Face, deed: Deed) -> Json:
    """An account as the company's server shows it: without a host when it lives there."""
    user, host = face.native_id.split("@")
    local = host == MASTODON_HOST
    return {
        "id": _number(face), "username": user, "acct": user if local else face.native_id,
        "display_name": face.name, "locked": False, "bot": False,
        "created_at": "2022-11-06T00:00:00.000Z", "url": face.url,
        "uri": f"https://{host}/users/{user}",
        "followers_count": deed.followers.get(face.native_id, face.followers),
        "following_count": 50, "statuses_count": 900, "hide_collections": False,
    }  # fmt: skip


def _mention(face: Face) -> Json:
    user, host = face.native_id.split("@")
    acct = user if host == MASTODON_HOST else face.native_id
    return {"id": _number(face), "username": user, "url": face.url, "acct": acct}


def status(post: Post, deed: Deed) -> Json:
    """A post as the REST interface shows it, with the posts it boosts or quotes inside."""
    answers, shares = post.answers, post.shares
    mentioned = [answers.author] if answers else []
    if deed.act is Act.MENTION and post is deed.made and deed.to is not None:
        mentioned = [deed.to]
    body: Json = {
        "id": post.number, "created_at": _time(post.at),
        "in_reply_to_id": answers.number if answers else None,
        "in_reply_to_account_id": _number(answers.author) if answers else None,
        "sensitive": False, "spoiler_text": "", "visibility": "public", "language": "en",
        "uri": post.native_id, "url": f"{post.author.url}/{post.number}", "replies_count": 0,
        "reblogs_count": 0, "favourites_count": 0, "quotes_count": 0, "edited_at": None,
        "content": "" if post.reshare else f"<p>{_html(post)}</p>", "reblog": None,
        "account": account(post.author, deed), "media_attachments": [],
        "mentions": [_mention(face) for face in mentioned],
        "tags": [{"name": tag.lower(), "url": f"https://{MASTODON_HOST}/tags/{tag.lower()}"}
                 for tag in post.tags],
        "emojis": [], "card": None, "poll": None,
    }  # fmt: skip
    if post.reshare and shares is not None:
        body["reblog"] = status(shares, deed)
        body["uri"] += "/activity"  # a boost is an Announce activity, not a note
    elif shares is not None:
        body["quote"] = {"state": "accepted", "quoted_status": status(shares, deed)}
    return body


def _html(post: Post) -> str:
    return post.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


TYPES = {
    Act.LIKE: "favourite", Act.RESHARE: "reblog", Act.REPLY: "mention", Act.MENTION: "mention",
    Act.QUOTE: "quote", Act.FOLLOW: "follow",
}  # fmt: skip


def told_by_server(deed: Deed) -> Json:
    """What the admin webhook sends when one of its server's accounts posts or boosts."""
    assert deed.made is not None, "the admin webhook tells of new statuses only"
    return {
        "event": "status.created", "created_at": _time(deed.at),
        "object": status(deed.made, deed),
    }  # fmt: skip


def told_by_notification(deed: Deed, number: str) -> Json:
    """The notification the person gets to whom it was done."""
    body: Json = {
        "id": number, "type": TYPES[deed.act], "group_key": f"ungrouped-{number}",
        "created_at": _time(deed.at), "account": account(deed.actor, deed),
    }  # fmt: skip
    if deed.act is Act.FOLLOW and deed.to is not None:
        # Mastodon leaves it out: it is the account holder's own stream. Who posts it on adds it.
        body["recipient"] = deed.to.native_id
    if deed.act in (Act.LIKE, Act.RESHARE) and deed.post is not None:
        body["status"] = status(deed.post, deed)
    elif deed.made is not None:
        body["status"] = status(deed.made, deed)
    return body


def told_by_stream(deed: Deed) -> Json:
    """The frame by which the stream tells that a post is gone: nothing but its number."""
    assert deed.post is not None, "only a post can be deleted"
    return {"stream": ["user"], "event": "delete", "payload": deed.post.number}
