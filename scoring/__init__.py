"""What happened and what it is worth: the face that the other packages import."""

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
from scoring.explain import Day, Line, RuleDay, explain
from scoring.gap import Advice, advise
from scoring.identity import account_id, native_key
from scoring.inbox import Ignored, SetAside, ignored_counts, retry, set_aside_count, set_aside_list
from scoring.intake import Intake, intake
from scoring.metrics import metric, metrics
from scoring.mix import Mix, mix
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
from scoring.reciprocity import Balance, Reshare, balances, give_back_rate, wall
from scoring.relation import Outcome, Relation
from scoring.rulebooks import adopt_rulebook, load_books
from scoring.rules import Rule, RulebookInvalid, default_rulebook_toml
from scoring.score import Scored, score
from scoring.seen import seen, seen_counts, seen_totals

__all__ = [
    "AccountTaken",
    "Advice",
    "AliasTaken",
    "Balance",
    "BoardKey",
    "BoardRow",
    "Boards",
    "ChallengeRefused",
    "Counts",
    "Day",
    "Ignored",
    "Incentive",
    "Intake",
    "Line",
    "LinkedAccount",
    "Mix",
    "Named",
    "NotAnAccount",
    "NotPossibleNow",
    "NotVerified",
    "NotYours",
    "Outcome",
    "Own",
    "Period",
    "Platform",
    "PostNotKnown",
    "Relation",
    "Reshare",
    "Rule",
    "RuleDay",
    "RulebookInvalid",
    "Scored",
    "Secrets",
    "SetAside",
    "Shown",
    "Team",
    "UnknownBoard",
    "UnknownPlatform",
    "View",
    "Visibility",
    "account_id",
    "accounts_of",
    "adopt_rulebook",
    "advise",
    "balances",
    "bounds",
    "change_counting",
    "default_rulebook_toml",
    "enrol",
    "enrolment_state",
    "explain",
    "first_day",
    "following",
    "give_back_rate",
    "hand_in",
    "ignored_counts",
    "intake",
    "leave",
    "link",
    "load_books",
    "metric",
    "metrics",
    "mix",
    "native_key",
    "pause",
    "platform",
    "platforms",
    "preceding",
    "record_audit",
    "republish_person",
    "resume",
    "retry",
    "score",
    "seen",
    "seen_counts",
    "seen_totals",
    "set_aside_count",
    "set_aside_list",
    "show",
    "starts_on",
    "unlink",
    "wall",
]
