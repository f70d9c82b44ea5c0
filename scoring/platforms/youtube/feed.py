"""Atom feeds of videos as facts: new, changed, deleted or made private.

Law: whatever the XML holds (entities, outside references, a billion laughs), nothing of it is followed.
Shapes: developers.google.com/youtube/v3/guides/push_notifications and RFC 6721, read 2026-11-01.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from scoring.facts import Engagement, Fact, Kind, Post, Removal, Telling, UnusableFact
from scoring.platforms.parts import Parts
from scoring.platforms.payload import Payload

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_YOUTUBE: Final = "{http://www.youtube.com/xml/schemas/2015}"
_TOMBSTONE: Final = "{http://purl.org/atompub/tombstones/1.0}"
_VIDEO: Final = "yt:video:"
_MOST_ENTRIES: Final = 1000
# Google writes nanoseconds, which no reader of ISO 8601 here takes.
_FRACTION: Final = re.compile(r"(\.\d{6})\d+")


def adapt(body: bytes, received_at: datetime) -> Telling:
    """Everything a feed tells. Raises UnusableFact."""
    try:
        feed = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise UnusableFact("a feed with a document type or entities is not read") from None
    except (ParseError, ValueError, LookupError) as error:
        words = str(error).encode("ascii", "replace").decode()[:200]
        raise UnusableFact(f"this is no XML that can be read: {words}") from None
    if feed.tag != f"{_ATOM}feed":
        raise UnusableFact("this is no Atom feed")
    if len(feed) > _MOST_ENTRIES:
        raise UnusableFact(f"a feed of more than {_MOST_ENTRIES} parts")
    parts = Parts()
    for number, part in enumerate(feed):
        place = Payload(None, f"part {number + 1}")
        parts.take(place, partial(_told, part, received_at), lambda: "a feed without videos")
    return parts.telling("a feed without videos")


def _told(part: Element, received_at: datetime) -> Iterator[Fact]:
    if part.tag == f"{_TOMBSTONE}deleted-entry":
        yield Removal(_payload(part.get("ref", "").removeprefix(_VIDEO), "deleted-entry.ref").id())
    elif part.tag == f"{_ATOM}entry":
        video = _text(part, f"{_YOUTUBE}videoId").id()
        channel = _text(part, f"{_YOUTUBE}channelId").id()
        at = _text(part, f"{_ATOM}published").plausible_time(received_at)
        title = _text(part, f"{_ATOM}title")
        yield Post(
            video, channel, at or received_at,
            text=title.text() if title.given else None,
            url=f"https://www.youtube.com/watch?v={video}" if video.isascii() else None,
        )  # fmt: skip
        yield Engagement(Kind.POST, video, channel, None, occurred_at=at)


def _text(part: Element, name: str) -> Payload:
    found = part.findtext(name)
    words = _FRACTION.sub(r"\1", found.strip()) if found else None
    return _payload(words, name.rpartition("}")[2])


def _payload(value: str | None, name: str) -> Payload:
    return Payload({name: value})[name]
