"""Somebody says that an account is theirs which a colleague has linked; an administrator decides."""

from scoring.cases.kind import CaseKind, Ways

KIND = CaseKind(
    name="takeover",
    label="An account two people say is theirs",
    question="Whose account is it?",
    held="You said that this account is yours. An administrator looks at it.",
    upheld="An administrator looked at it: the account stays where it is.",
    releases="From now on the account is linked to who asked, and to nobody else. What it counted until "
    "now stays whose it was.",
    keeps="The account stays with who has it now.",
    ways=Ways.ADMINISTRATOR,
)
