"""The events the company's own systems may send. These classes are the schema: deliveries are read
by them, and `events.schema.json` beside this is made from them.

Law: a member is added, never renamed; systems of others depend on the names.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, json

from scoring.facts import Kind

Id = Annotated[
    str | int, Meta(description="A name of the network or system; numbers are taken as text.")
]
Network = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_-]{0,31}$",
        description="Which network this is about; left out: the company's own systems.",
    ),
]


class PublishedPost(Struct, kw_only=True):
    """`post.published`: somebody wrote a post. `timestamp` is when."""

    id: Id
    author: Id
    platform: Network = "standard"
    text: str | None = None
    url: str | None = None
    topics: list[str] = []
    shares: Id | None = None


class RemovedPost(Struct, kw_only=True):
    """`post.removed`: a post is gone, with whatever it did (reply, reshare, quote, mention)."""

    id: Id
    platform: Network = "standard"


class RecordedEngagement(Struct, kw_only=True):
    """`engagement.recorded`: one account did one thing. `timestamp` is when.

    `actor` or `target` is needed. `id` may be left out for a reaction (actor and post name it) and
    a follow (actor and target name it). A reply, reshare or quote is a post: `id` is that post's.
    """

    kind: Kind
    id: Id | None = None
    actor: Id | None = None
    target: Id | None = None
    post: Id | None = None
    thread: Id | None = None
    also: list[Id] = []
    text: str | None = None
    url: str | None = None
    topics: list[str] = []
    platform: Network = "standard"


class RemovedEngagement(Struct, kw_only=True):
    """`engagement.removed`: it was undone. Named as it was recorded: by `id`, else by its parts."""

    id: Id | None = None
    kind: Kind | None = None
    actor: Id | None = None
    target: Id | None = None
    post: Id | None = None
    platform: Network = "standard"


class PostFigures(Struct, kw_only=True):
    """`post.figures`: counts without names, as seen at `timestamp`."""

    post: Id
    figures: Annotated[dict[Kind, Annotated[int, Meta(ge=0)]], Meta(min_length=1)]
    platform: Network = "standard"


class CountedFollowers(Struct, kw_only=True):
    """`followers.counted`: how many followed an account at `timestamp`."""

    account: Id
    followers: Annotated[int, Meta(ge=0)]
    platform: Network = "standard"


Data = (
    PublishedPost
    | RemovedPost
    | RecordedEngagement
    | RemovedEngagement
    | PostFigures
    | CountedFollowers
)

EVENTS: dict[str, type[Data]] = {
    "post.published": PublishedPost,
    "post.removed": RemovedPost,
    "engagement.recorded": RecordedEngagement,
    "engagement.removed": RemovedEngagement,
    "post.figures": PostFigures,
    "followers.counted": CountedFollowers,
}


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a body."""
    (references, components) = json.schema_components(
        EVENTS.values(), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events of the company's own systems",
        "oneOf": [
            {
                "type": "object",
                "required": ["type", "timestamp", "data"],
                "properties": {
                    "type": {"const": name},
                    "timestamp": {"type": "string", "format": "date-time"},
                    "data": reference,
                },
            }
            for name, reference in zip(EVENTS, references, strict=True)
        ],
        "$defs": components,
    }
