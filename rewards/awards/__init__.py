"""Awards: from a decided contest to money or days, through people who do not decide about themselves."""

from rewards.awards.award import (
    Approval,
    AwardEvent,
    AwardState,
    AwardView,
    DateWish,
    Display,
    Held,
    Terms,
)
from rewards.awards.limits import Limit, limits, set_limit
from rewards.awards.proposing import propose
from rewards.awards.reading import NoSuchAward, award, awards
from rewards.awards.wallet import Wallet, days_left_of, seen_by_winner, wallet

__all__ = [
    "Approval",
    "AwardEvent",
    "AwardState",
    "AwardView",
    "DateWish",
    "Display",
    "Held",
    "Limit",
    "NoSuchAward",
    "Terms",
    "Wallet",
    "award",
    "awards",
    "days_left_of",
    "limits",
    "propose",
    "seen_by_winner",
    "set_limit",
    "wallet",
]
