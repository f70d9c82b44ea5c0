"""Events of the company's own customer community, sent as Standard Webhooks (see the README of the
platform `standard`): the way for every system that no network module knows."""

from datetime import datetime
from typing import Any

from seeds.deeds import Act, Deed

Json = dict[str, Any]
_KINDS = {
    Act.REPLY: "reply", Act.LIKE: "reaction", Act.RESHARE: "reshare", Act.QUOTE: "quote",
    Act.FOLLOW: "follow", Act.UNFOLLOW: "follow", Act.MENTION: "mention",
}  # fmt: skip


def _event(name: str, at: datetime, /, **data: object) -> Json:
    return {"type": name, "timestamp": at.isoformat(timespec="milliseconds"), "data": data}


def told_by_community(deed: Deed) -> Json:
    """The event the community sends for a deed."""
    if deed.act is Act.POST and deed.made is not None:
        made = deed.made
        return _event(
            "post.published", deed.at, id=made.native_id, author=deed.actor.native_id,
            text=made.text, topics=list(made.tags), url=f"{deed.actor.url}/{made.native_id}",
        )  # fmt: skip
    if deed.act is Act.DELETE and deed.post is not None:
        return _event("post.removed", deed.at, id=deed.post.native_id)
    data: Json = {"kind": _KINDS[deed.act], "actor": deed.actor.native_id}
    if deed.to is not None:
        data["target"] = deed.to.native_id
    if deed.post is not None:
        data["post"] = deed.post.native_id
        data["thread"] = deed.post.thread.native_id
    if deed.made is not None:
        data["id"] = deed.made.native_id
        data["text"] = deed.made.text
    undone = deed.act is Act.UNFOLLOW
    if undone:
        data = {name: data[name] for name in ("kind", "actor", "target")}
    return _event("engagement.removed" if undone else "engagement.recorded", deed.at, **data)
