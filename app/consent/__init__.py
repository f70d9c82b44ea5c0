"""What people let Fanfare see of their accounts by OAuth: given, renewed, ended, taken back."""

from app.consent.apps import NoApp, client_at, consent_at, networks, redirect_uri
from app.consent.checked import Held, held
from app.consent.company import COMPANYS_KIND, seen_of_company, withdraw_for_company
from app.consent.ending import end_consent
from app.consent.following_up import anything_to_follow_up, follow_up_all, told_at_once
from app.consent.keeping import anything_due, keep_consents
from app.consent.kept import GRACE, WARNING, Kept, keep, live
from app.consent.keys import Keys, Unreadable
from app.consent.ownerless import withdraw_ownerless
from app.consent.resealing import under_other_keys
from app.consent.taking_back import withdraw
from app.consent.tokens import Token, token_of, token_refused

__all__ = [
    "COMPANYS_KIND",
    "GRACE",
    "WARNING",
    "Held",
    "Kept",
    "Keys",
    "NoApp",
    "Token",
    "Unreadable",
    "anything_due",
    "anything_to_follow_up",
    "client_at",
    "consent_at",
    "end_consent",
    "follow_up_all",
    "held",
    "keep",
    "keep_consents",
    "live",
    "networks",
    "redirect_uri",
    "seen_of_company",
    "token_of",
    "token_refused",
    "told_at_once",
    "under_other_keys",
    "withdraw",
    "withdraw_for_company",
    "withdraw_ownerless",
]
