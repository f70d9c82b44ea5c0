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

__all__ = [
    "EVERY_S",
    "NetworkPolls",
    "PauseShown",
    "PollShown",
    "Polls",
    "SubscriptionShown",
    "TroubleShown",
    "polls_shown",
    "subscriptions_shown",
]
