"""What can be done with a published contest, each in the words that say beforehand what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.pages.said import Said


@dataclass(frozen=True, slots=True)
class Deed:
    """One of them, in words."""

    key: str
    title: str
    words: str
    asks: str
    told: str
    sure: str
    button: str
    said: Said
    grave: bool = True


DEEDS: Final = {
    "withdraw": Deed(
        "withdraw",
        "Withdraw the contest",
        "It becomes a draft again and disappears from everybody’s pages. What was set aside for it "
        "goes back to its budgets. Nobody has entered yet, so nobody is told.",
        "Why (may be left empty)",
        "It is kept in the audit.",
        "Yes, make it a draft again",
        "Withdraw it",
        Said.CONTEST_WITHDRAWN,
    ),
    "cancel": Deed(
        "cancel",
        "Cancel the contest",
        "It ends now and nobody wins. What was set aside for it goes back to its budgets. This "
        "cannot be undone.",
        "Why it is cancelled",
        "Everybody who entered reads this sentence.",
        "Yes, end it without winners",
        "Cancel the contest",
        Said.CONTEST_CANCELLED,
    ),
    "amend": Deed(
        "amend",
        "Amend the rules",
        "The charter stays as it is under its hash; what you write here is added with a hash of its "
        "own and holds from now on. It can’t take back what was promised: the end may only move "
        "later, prizes stay.",
        "What changes and why, in a sentence",
        "Everybody who entered is told this sentence.",
        "Yes, add this amendment",
        "Add the amendment",
        Said.CONTEST_AMENDED,
        grave=False,
    ),
}
SILENT: Final = frozenset({"withdraw"})  # those that ask for no reason
