"""Kinds of cases: found by name, with words that accuse nobody."""

from __future__ import annotations

import pytest

from scoring.cases.kind import CaseKind
from scoring.cases.kinds import case_kinds, kind_of

ACCUSING = ("cheat", "fraud", "fake", "suspic", "abuse", "manipul", "violat", "spam", "guilt")


@pytest.mark.parametrize("kind", case_kinds().values(), ids=lambda kind: kind.name)
def test_the_words_to_a_person_accuse_nobody(kind: CaseKind) -> None:
    for words in (kind.held, kind.upheld, kind.question, kind.label):
        assert not any(word in words.lower() for word in ACCUSING), words
    for sentence in (kind.held, kind.upheld, kind.releases, kind.keeps):
        assert sentence.endswith("."), sentence


def test_a_kind_that_is_no_more_still_has_words() -> None:
    assert kind_of("of another time").held == "It is held until somebody has looked at it."


@pytest.mark.parametrize("kind", case_kinds().values(), ids=lambda kind: kind.name)
def test_evidence_is_said_in_sentences_and_odd_evidence_breaks_nothing(kind: CaseKind) -> None:
    told = kind.seen(dict.fromkeys(kind.evidence, 1_234) | {"key": "k", "more": [1, {"a": None}]})
    assert len(told) == len(kind.evidence)
    assert all("1,234" in sentence for sentence in told)
    odd: dict[str, object] = {name: [1, "<b>"] for name in kind.evidence}
    assert len(kind.seen(odd)) == len(kind.evidence)
    assert kind.seen({}) == []
