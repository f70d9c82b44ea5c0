"""Points that an answer to a dispute gives, as an entry of the ledger. Pure.

Law: the same case makes the same entry, whoever writes it; it belongs to no rule of any rulebook, so
no fold ever takes it back, and a contest, which counts what happened under its charter, never sees it.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Final
from uuid import UUID

from scoring.ledger import Entry

# With a hyphen: a rule's name in a rulebook is an identifier, so none can ever be called this.
RULE: Final = "by-case"
RELATION: Final = (
    "case"  # the only one that is none of `Relation`: nothing happened, somebody decided
)
LABEL: Final = "Put right after you asked"
_REASON: Final = "case:"


def reason(case_id: int) -> str:
    """What an entry says it is for; also its window, so that every case has its own."""
    return f"{_REASON}{case_id}"


def case_of(window: str) -> int | None:
    """The case that an entry answers, from its window; None for any other entry."""
    begin, _, number = window.partition(":")
    return int(number) if f"{begin}:" == _REASON and number.isdecimal() else None


def granted(
    case_id: int,
    person_id: int,
    points: int,
    *,
    counts_at: datetime,
    engagement_id: UUID | None,
    rulebook_id: int,
) -> Entry:
    """The entry of a granted dispute."""
    key = UUID(bytes=blake2b(reason(case_id).encode(), digest_size=16).digest())
    return Entry(
        person_id, RULE, RELATION, reason(case_id), key, points, reason(case_id), counts_at,
        engagement_id, rulebook_id,
    )  # fmt: skip
