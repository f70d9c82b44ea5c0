"""Clicks on a tracked link that no reader made: previews, bots, the author."""

from scoring.cases.kind import A_PERSON_DECIDED, COUNTS_THEN, STAYS_HELD, CaseKind

KIND = CaseKind(
    name="self_clicks",
    label="Clicks that no reader made",
    question="Did people open this link, or a program, or the author?",
    held="Your link was opened in a way that programs open links, too. It is held until somebody has "
    "looked at it.",
    upheld="Your link was opened by a program, or from where you are. " + A_PERSON_DECIDED,
    releases=COUNTS_THEN,
    keeps=STAYS_HELD,
    evidence={
        "clicks": "{value} clicks.",
        "visitors": "They came from {value} visitors.",
    },
)
