"""Awards through their whole life: proposed, approved, accepted, exported, paid; or aside for good."""

from rewards.awards.answering import accept, decline
from rewards.awards.approval import has_approved, is_second_voice, why_not
from rewards.awards.approving import (
    Bulk,
    approve,
    approve_all,
    open_evidence,
    opened_evidence,
    refuse,
)
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
from rewards.awards.calendar_file import calendar, has_days
from rewards.awards.dates import confirm_date, half_days_left, refuse_date, wish_date
from rewards.awards.delegations import (
    Delegation,
    delegate,
    delegations,
    end_delegation,
    may_act_for,
)
from rewards.awards.display import show_award
from rewards.awards.lapsing import lapse
from rewards.awards.leaving import may_note_leaving, needs_settling, person_left, settle_days
from rewards.awards.limits import Limit, approvals_needed, limits, set_limit
from rewards.awards.paying import export, pay, recover
from rewards.awards.proof import Proof, proof_of
from rewards.awards.proposing import propose
from rewards.awards.reading import STATE, NoSuchAward, award, awards
from rewards.awards.reminding import remind
from rewards.awards.waiting import awards_to_settle, awards_with_wishes
from rewards.awards.wallet import Wallet, wallet, wallet_of

__all__ = [
    "STATE",
    "Approval",
    "AwardEvent",
    "AwardState",
    "AwardView",
    "Bulk",
    "DateWish",
    "Delegation",
    "Display",
    "Held",
    "Limit",
    "NoSuchAward",
    "Proof",
    "Terms",
    "Wallet",
    "accept",
    "approvals_needed",
    "approve",
    "approve_all",
    "award",
    "awards",
    "awards_to_settle",
    "awards_with_wishes",
    "calendar",
    "confirm_date",
    "decline",
    "delegate",
    "delegations",
    "end_delegation",
    "export",
    "half_days_left",
    "has_approved",
    "has_days",
    "is_second_voice",
    "lapse",
    "limits",
    "may_act_for",
    "may_note_leaving",
    "needs_settling",
    "open_evidence",
    "opened_evidence",
    "pay",
    "person_left",
    "proof_of",
    "propose",
    "recover",
    "refuse",
    "refuse_date",
    "remind",
    "set_limit",
    "settle_days",
    "show_award",
    "wallet",
    "wallet_of",
    "why_not",
    "wish_date",
]
