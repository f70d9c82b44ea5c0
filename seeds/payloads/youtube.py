"""YouTube's words: an Atom feed with one video, as Google's hub pushes it, or with its tombstone.

Shapes as in Google's guide to push notifications (read 2026-11-01) and RFC 6721.
"""

from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from seeds.deeds import Act, Deed, Post

_HUB = "https://pubsubhubbub.appspot.com"
_TOPIC = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="
_UPLOADED = timedelta(seconds=40)  # a video is announced when it has been worked on


def told_by_hub(deed: Deed) -> bytes | None:
    """The body about a video of somebody who is subscribed to; None for everything else."""
    if deed.act is Act.POST and deed.made is not None:
        return _published(deed.made)
    if deed.act is Act.DELETE and (post := deed.post) and not (post.answers or post.shares):
        return _gone(post, deed.at)
    return None


def _time(at: datetime) -> str:
    # Google tells nanoseconds.
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}214+00:00"


def _published(video: Post) -> bytes:
    channel, name = video.author.native_id, escape(video.author.name)
    updated = _time(video.at + _UPLOADED)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">\
<link rel="hub" href="{_HUB}"/><link rel="self" href="{_TOPIC}{channel}"/>\
<title>YouTube video feed</title><updated>{updated}</updated><entry>
  <id>yt:video:{video.native_id}</id>
  <yt:videoId>{video.native_id}</yt:videoId>
  <yt:channelId>{channel}</yt:channelId>
  <title>{escape(video.text)}</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v={video.native_id}"/>
  <author>
   <name>{name}</name>
   <uri>https://www.youtube.com/channel/{channel}</uri>
  </author>
  <published>{_time(video.at)}</published>
  <updated>{updated}</updated>
 </entry></feed>
""".encode()


def _gone(video: Post, at: datetime) -> bytes:
    channel, name = video.author.native_id, escape(video.author.name)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns="http://www.w3.org/2005/Atom">\
<at:deleted-entry ref="yt:video:{video.native_id}" when="{at:%Y-%m-%dT%H:%M:%S}+00:00">
  <link href="https://www.youtube.com/watch?v={video.native_id}"/>
  <at:by>
   <name>{name}</name>
   <uri>https://www.youtube.com/channel/{channel}</uri>
  </at:by>
 </at:deleted-entry></feed>
""".encode()
