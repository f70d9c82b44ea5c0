"""What a detector finds: a question for a person, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

# One case never holds more: beyond it the rest would not change the question, only the page.
MOST_HELD = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one person that somebody should look at.

    `subject` names what was found so that it has the same name when it is found again, however much
    came since. `evidence` is for HR and holds counts, ids and hashes; no name and no text, for it
    stays when those are erased. `reason` says it in a sentence.

    `goes_on`: what was found is a habit, so more of it after a decision is a new question; otherwise
    it happened once and is asked once. `several`: others are found under the same subject, and one
    case is about all of them.
    """

    kind: str  # the detector's name, and the case's kind
    person_id: int
    subject: str
    reason: str
    hold: Sequence[UUID]
    evidence: Mapping[str, object] = field(default_factory=dict)
    goes_on: bool = False
    several: bool = False
