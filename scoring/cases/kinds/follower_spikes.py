"""Far more new followers than this account ever had in such a time."""

from scoring.cases.kind import A_PERSON_DECIDED, COUNTS_THEN, STAYS_HELD, CaseKind

KIND = CaseKind(
    name="follower_spikes",
    label="A sudden rise of followers",
    question="Is there a reason for so many new followers, such as a talk, the press, a viral post?",
    held="Many more people than usual began to follow you at once. It is held until somebody has "
    "looked at it; if a talk or an article brought them, say so.",
    upheld="Many more people than usual began to follow you at once. " + A_PERSON_DECIDED,
    releases=COUNTS_THEN,
    keeps=STAYS_HELD,
    evidence={
        "gained": "{value} new followers in that time.",
        "usual": "In its own past the account gained {value} in such a time.",
    },
)
