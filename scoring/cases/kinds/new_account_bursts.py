"""Many accounts that were never seen before, all at once at one post or person."""

from scoring.cases.kind import A_PERSON_DECIDED, COUNTS_THEN, STAYS_HELD, CaseKind

KIND = CaseKind(
    name="new_account_bursts",
    label="A burst from new accounts",
    question="Are these people, or accounts made for the purpose?",
    held="Many accounts that nobody here had met before answered at once. It is held until somebody "
    "has looked at it; it is often just good news travelling.",
    upheld="Many accounts that nobody here had met before answered at once. " + A_PERSON_DECIDED,
    releases=COUNTS_THEN,
    keeps=STAYS_HELD,
    evidence={
        "accounts": "{value} accounts, none of them seen before.",
        "minutes": "All within {value} minutes.",
        "posts": "At {value} of the person’s posts.",
        "others": "{value} others answered in that time.",
    },
)
