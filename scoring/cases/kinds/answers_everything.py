"""The same person outside who answers everything of one colleague."""

from scoring.cases.kind import A_PERSON_DECIDED, COUNTS_THEN, STAYS_HELD, CaseKind

KIND = CaseKind(
    name="answers_everything",
    label="One outsider answers everything",
    question="Is it a faithful reader, or an account that was made to answer?",
    held="The same account answers nearly everything you write. It is held until somebody has looked "
    "at it; faithful readers are welcome.",
    upheld="The same account answered nearly everything you wrote. " + A_PERSON_DECIDED,
    releases=COUNTS_THEN,
    keeps=STAYS_HELD,
    evidence={
        "posts": "It answered {value} posts.",
        "share": "{value} % of all posts in that time.",
        "days": "On {value} days.",
    },
)
