"""A change that no worker could count; the administrator has it counted again (`scoring/uncounted.py`)."""

from scoring.cases.kind import CaseKind, Ways

KIND = CaseKind(
    name="scoring_failed",
    label="Could not be counted",
    question="Is what failed mended?",
    held="Something of yours could not be counted yet. It will be, at its original time.",
    upheld="Something of yours could not be counted.",
    releases="It is counted again.",
    keeps="It waits.",
    ways=Ways.COUNTED_AGAIN,
)
