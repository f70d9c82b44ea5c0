"""What a kind of case is: its words for who decides and for the person it is about.

Law: the words to the person accuse nobody. They say what was seen and that somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class MalformedKind(Exception):
    """A file in `scoring/cases/kinds` describes no kind of case; the message says which and why."""


class Ways(StrEnum):
    """How a kind of case ends."""

    HELD = "held"  # what is held is released, or stays held
    ASKED = "asked"  # points are granted, or it stays as it is
    COUNTED_AGAIN = "counted_again"  # an administrator has it counted again, elsewhere
    ADMINISTRATOR = "administrator"  # an administrator says yes or no, on a page of its own


@dataclass(frozen=True, slots=True)
class CaseKind:
    """One kind of case. `name` is its file's, and stands in the table `case_file`."""

    name: str
    label: str  # for HR, in lists
    question: str  # for HR: what there is to decide
    held: str  # for the person, while it is open: one sentence
    upheld: str  # for the person, once it stays so: one sentence
    releases: str  # for HR: what releasing (or granting) does
    keeps: str  # for HR: what the other answer does
    ways: Ways = Ways.HELD
    # For HR: a sentence for a key of the evidence; `{value}` is what stands there.
    evidence: Mapping[str, str] = field(default_factory=dict)

    def seen(self, evidence: Mapping[str, object]) -> list[str]:
        """The evidence in sentences; what has none here is left out."""
        return [
            sentence.format(value=_plain(evidence[key]))
            for key, sentence in self.evidence.items()
            if evidence.get(key) is not None
        ]


def _plain(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


COUNTS_THEN: str = "What is held counts, at the time it happened and under the rules of that time."
STAYS_HELD: str = "What is held keeps giving no points. Nothing is deleted."
A_PERSON_DECIDED: str = "Somebody looked at it and decided that it gives no points."
