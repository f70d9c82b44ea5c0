"""Kinds of cases, one file each, found by name: a new one touches no list elsewhere.

A file `scoring/cases/kinds/<name>.py` has `KIND`, a `CaseKind` of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from scoring.cases.kind import A_PERSON_DECIDED, COUNTS_THEN, STAYS_HELD, CaseKind, MalformedKind
from scoring.described import by_name


@cache
def case_kinds() -> Mapping[str, CaseKind]:
    """All kinds by name."""
    return MappingProxyType(
        by_name(__name__, __path__, CaseKind, word="kind", malformed=MalformedKind)
    )


def kind_of(name: str) -> CaseKind:
    """The kind of this name; for a case of a kind that is no more, words that fit any."""
    return case_kinds().get(name) or CaseKind(
        name=name,
        label="Something to look at",
        question="Should what is held count?",
        held="It is held until somebody has looked at it.",
        upheld=A_PERSON_DECIDED,
        releases=COUNTS_THEN,
        keeps=STAYS_HELD,
    )
