"""Channels: Slack, Teams, a mailing list; where announcements are said besides the screens."""

from app.notify.channels.channels import (
    Channel,
    UnknownChannel,
    change_channel,
    channel_by_id,
    channels,
    make_channel,
)
from app.notify.channels.kinds import Kind, channel_kinds
from app.notify.channels.log import Spoken, spoken
from app.notify.channels.news import Here, news
from app.notify.channels.queue import queue_news, queue_test
from app.notify.channels.said import Chapter, Said
from app.notify.channels.sending import Carriers, kinds_that_work, say_what_is_due

__all__ = [
    "Carriers",
    "Channel",
    "Chapter",
    "Here",
    "Kind",
    "Said",
    "Spoken",
    "UnknownChannel",
    "change_channel",
    "channel_by_id",
    "channel_kinds",
    "channels",
    "kinds_that_work",
    "make_channel",
    "news",
    "queue_news",
    "queue_test",
    "say_what_is_due",
    "spoken",
]
