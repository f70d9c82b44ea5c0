"""Somebody says that an account is theirs where nothing can prove it; an administrator confirms it."""

from scoring.cases.kind import CaseKind, Ways

KIND = CaseKind(
    name="unproven_account",
    label="An account to confirm",
    question="Is this account theirs?",
    held="You said that this account is yours. An administrator confirms it.",
    upheld="An administrator looked at it and did not confirm it.",
    releases="From now on the account is linked to who asked.",
    keeps="The account is linked to nobody.",
    ways=Ways.ADMINISTRATOR,
)
