"""What can be won: contests, prizes, budgets, awards, approvals and payouts.

The face of the package: `app` imports from here. It holds the life of a contest (charter, brackets,
settlement), the double-entry ledger of money and vacation days (reserve, then post or void), and the
decisions that people other than the winner make about an award. It may ask `scoring` what happened
and what it is worth; `scoring` does not know that it exists.
"""

from rewards.amounts import (
    MOST_UNITS,
    Amount,
    AmountUnclear,
    Kind,
    UnknownCurrency,
    currency_codes,
    exponent,
    in_words,
    typed,
)
from rewards.budgets import (
    Balance,
    BudgetView,
    Reservation,
    Transfer,
    Verb,
    allow_spender,
    balances,
    budgets,
    check_books,
    close_budget,
    forbid_spender,
    left_of,
    may_spend,
    open_budget,
    reservations,
    top_up,
    transfers,
)
from rewards.contests.charter import (
    Among,
    Bracket,
    Charter,
    Network,
    Prize,
    PrizeKind,
    read_charter,
)
from rewards.contests.closing import announce
from rewards.contests.drafts import (
    Draft,
    StaleForm,
    copy_of,
    draft_by_slug,
    new_draft,
    read_draft,
    save_draft,
)
from rewards.contests.entering import enter, leave_contest
from rewards.contests.gap import Gap
from rewards.contests.missing import missing_count
from rewards.contests.ranked import ranked
from rewards.contests.reading import (
    ContestCard,
    ContestView,
    Own,
    OwnStanding,
    contest,
    contests,
    own,
    standing,
)
from rewards.contests.record import Contest, NoSuchContest
from rewards.contests.record import by_slug as contest_by_slug
from rewards.contests.record import every as every_contest
from rewards.contests.refreshing import Refreshed, refresh
from rewards.contests.stage import Amendment, Event, Moments, Stage
from rewards.contests.standings import StandingRow
from rewards.contests.withdrawing import cancel, withdraw
from rewards.contests.worst_case import worst_by_kind, worst_case
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
from rewards.refusal import KeyUsed, Refused

__all__ = [
    "EVENT_TYPES",
    "MESSAGES",
    "MOST_UNITS",
    "Amendment",
    "Among",
    "Amount",
    "AmountUnclear",
    "Balance",
    "Bracket",
    "BudgetView",
    "Charter",
    "Contest",
    "ContestCard",
    "ContestView",
    "Draft",
    "Event",
    "Gap",
    "KeyUsed",
    "Kind",
    "Moments",
    "Network",
    "NoSuchContest",
    "Notice",
    "NoticeKind",
    "Own",
    "OwnStanding",
    "Prize",
    "PrizeKind",
    "Refreshed",
    "Refused",
    "Reservation",
    "Stage",
    "StaleForm",
    "StandingRow",
    "Transfer",
    "UnknownCurrency",
    "Verb",
    "allow_spender",
    "announce",
    "balances",
    "budgets",
    "cancel",
    "check_books",
    "choose_notices",
    "close_budget",
    "contest",
    "contest_by_slug",
    "contests",
    "copy_of",
    "currency_codes",
    "draft_by_slug",
    "emit",
    "enter",
    "every_contest",
    "exponent",
    "forbid_spender",
    "in_words",
    "leave_contest",
    "left_of",
    "mark_read",
    "may_spend",
    "missing_count",
    "new_draft",
    "notice_choices",
    "notices",
    "open_budget",
    "own",
    "ranked",
    "read_charter",
    "read_draft",
    "refresh",
    "reservations",
    "save_draft",
    "standing",
    "top_up",
    "transfers",
    "typed",
    "unread_count",
    "withdraw",
    "worst_by_kind",
    "worst_case",
]
