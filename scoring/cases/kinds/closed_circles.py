"""A few accounts that answer and like one another, and hardly anybody else."""

from scoring.cases.kind import A_PERSON_DECIDED, COUNTS_THEN, STAYS_HELD, CaseKind

KIND = CaseKind(
    name="closed_circles",
    label="A closed circle",
    question="Is it a conversation among people who know each other, or an arrangement?",
    held="It came from a small circle that mostly answers one another. It is held until somebody has "
    "looked at it.",
    upheld="It came from a small circle that mostly answers one another. " + A_PERSON_DECIDED,
    releases=COUNTS_THEN,
    keeps=STAYS_HELD,
    evidence={
        "accounts": "{value} accounts belong to the circle.",
        "inside": "{value} % of what they did was done to each other.",
    },
)
