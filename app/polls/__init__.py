"""Asking the networks: about whom, when, within which budget; what they answer becomes deliveries."""

from app.polls.running import EVERY_S, Polls
from app.polls.shown import (
    NetworkPolls,
    PauseShown,
    PollShown,
    SubscriptionShown,
    TroubleShown,
    polls_shown,
    subscriptions_shown,
)
from app.polls.wanted import PAGE_TOKEN

__all__ = [
    "EVERY_S",
    "PAGE_TOKEN",
    "NetworkPolls",
    "PauseShown",
    "PollShown",
    "Polls",
    "SubscriptionShown",
    "TroubleShown",
    "polls_shown",
    "subscriptions_shown",
]
