"""Nearly the same own text by several colleagues."""

from scoring.cases.kind import A_PERSON_DECIDED, COUNTS_THEN, STAYS_HELD, CaseKind

KIND = CaseKind(
    name="near_duplicates",
    label="Nearly the same text",
    question="Is each of these posts its author’s own, or one text that was passed around?",
    held="Colleagues posted nearly the same text. It is held until somebody has looked at it; "
    "a few words of your own always count.",
    upheld="Colleagues posted nearly the same text. " + A_PERSON_DECIDED,
    releases=COUNTS_THEN,
    keeps=STAYS_HELD,
    evidence={
        "people": "{value} people posted it.",
        "likeness": "The texts are {value} % alike.",
        "words": "The shortest has {value} words.",
    },
)
