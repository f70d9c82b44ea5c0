"""What happened and what it is worth."""

from scoring.accounts import (
    AccountTaken,
    Counts,
    LinkedAccount,
    NotYours,
    PostNotKnown,
    accounts_of,
    change_counting,
    hand_in,
    link,
    unlink,
)
from scoring.audit import record_audit
from scoring.boards import BoardKey, Boards, Own, Team, UnknownBoard, View
from scoring.boards import Row as BoardRow
from scoring.boards.republish import republish_person
from scoring.inbox import Ignored, SetAside, ignored_counts, retry, set_aside_count, set_aside_list
from scoring.metrics import metric, metrics
from scoring.people import (
    AliasTaken,
    NotPossibleNow,
    Shown,
    Visibility,
    enrol,
    enrolment_state,
    leave,
    pause,
    resume,
    show,
)
from scoring.periods import Period, bounds, first_day, following, preceding, starts_on
from scoring.platforms import platform, platforms
from scoring.platforms.platform import (
    ChallengeRefused,
    Incentive,
    Named,
    NotAnAccount,
    NotVerified,
    Platform,
    Secrets,
    UnknownPlatform,
)
from scoring.rulebooks import load_books
from scoring.rules import Rule
from scoring.seen import seen, seen_counts, seen_totals

__all__ = [
    "AccountTaken",
    "AliasTaken",
    "BoardKey",
    "BoardRow",
    "Boards",
    "ChallengeRefused",
    "Counts",
    "Ignored",
    "Incentive",
    "LinkedAccount",
    "Named",
    "NotAnAccount",
    "NotPossibleNow",
    "NotVerified",
    "NotYours",
    "Own",
    "Period",
    "Platform",
    "PostNotKnown",
    "Rule",
    "Secrets",
    "SetAside",
    "Shown",
    "Team",
    "UnknownBoard",
    "UnknownPlatform",
    "View",
    "Visibility",
    "accounts_of",
    "bounds",
    "change_counting",
    "enrol",
    "enrolment_state",
    "first_day",
    "following",
    "hand_in",
    "ignored_counts",
    "leave",
    "link",
    "load_books",
    "metric",
    "metrics",
    "pause",
    "platform",
    "platforms",
    "preceding",
    "record_audit",
    "republish_person",
    "resume",
    "retry",
    "seen",
    "seen_counts",
    "seen_totals",
    "set_aside_count",
    "set_aside_list",
    "show",
    "starts_on",
    "unlink",
]
