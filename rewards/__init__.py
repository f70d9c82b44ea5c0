"""What can be won: contests, prizes, budgets, awards, approvals and payouts.

The face of the package: `app` imports from here. It holds the life of a contest (charter, brackets,
settlement), the double-entry ledger of money and vacation days (reserve, then post or void), and the
decisions that people other than the winner make about an award. It may ask `scoring` what happened
and what it is worth; `scoring` does not know that it exists.
"""

from rewards.events import EVENT_TYPES, emit
from rewards.notices import (
    MESSAGES,
    Notice,
    NoticeKind,
    choose_notices,
    mark_read,
    notice_choices,
    notices,
    unread_count,
)

__all__ = [
    "EVENT_TYPES",
    "MESSAGES",
    "Notice",
    "NoticeKind",
    "choose_notices",
    "emit",
    "mark_read",
    "notice_choices",
    "notices",
    "unread_count",
]
