"""Somebody says of a line of their own points that it is wrong."""

from scoring.cases.kind import CaseKind, Ways

KIND = CaseKind(
    name="dispute",
    label="“This is wrong”",
    question="Is the line right as it stands?",
    held="You said that this is wrong. Somebody answers you.",
    upheld="You said that this is wrong. Somebody looked at it: it stays as it is.",
    releases="The points you write are added, at the time the line is about. It is an entry of its "
    "own and names this case; nothing that was counted is changed.",
    keeps="The line stays as it is. They read your answer.",
    ways=Ways.ASKED,
)
