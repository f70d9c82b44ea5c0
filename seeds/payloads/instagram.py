"""Instagram's words: comments on and mentions of a professional account, and nothing else.

Two envelopes as documented (read 2026-11-01): apps with Facebook login get a list of changes, apps with
Instagram login the field and its value on the entry itself.
"""

from typing import Any

from seeds.deeds import Act, Deed
from seeds.faces import Face
from seeds.payloads.meta import batch

Json = dict[str, Any]


def told_by_account(deed: Deed, account: Face) -> Json | None:
    """The delivery about an account; None where Instagram does not tell it."""
    change = _change(deed)
    if change is None:
        return None
    whole = batch("instagram", account.native_id, deed.at, [change])
    if int(account.native_id) % 2:  # signed in by Instagram
        (entry,) = whole["entry"]
        del entry["changes"]
        entry |= change
    return whole


def _change(deed: Deed) -> Json | None:
    made = deed.made
    if made is None:
        return None
    if deed.act is Act.MENTION:
        return {"field": "mentions", "value": {"media_id": made.number}}
    if deed.act is not Act.REPLY or deed.post is None:
        return None
    value: Json = {
        "from": {"id": deed.actor.native_id, "username": deed.actor.handle},
        "media": {"id": made.thread.native_id, "media_product_type": "FEED"},
        "id": made.native_id, "text": made.text,
    }  # fmt: skip
    if deed.post.answers is not None:
        value["parent_id"] = deed.post.native_id
    return {"field": "comments", "value": value}
