"""What a person is told inside Fanfare: an entry in their own list."""

from rewards.notices.account import warn_of_link
from rewards.notices.notify import notify, notify_many, wants
from rewards.notices.reading import (
    Notice,
    choose_notices,
    mark_read,
    notice_choices,
    notices,
)
from rewards.notices.table import KINDS, MESSAGES, Detail, Message, NoticeKind

__all__ = [
    "KINDS",
    "MESSAGES",
    "Detail",
    "Message",
    "Notice",
    "NoticeKind",
    "choose_notices",
    "mark_read",
    "notice_choices",
    "notices",
    "notify",
    "notify_many",
    "wants",
    "warn_of_link",
]
