"""Every kind of prize reads as its examples say, and tells of itself what others must know."""

from __future__ import annotations

import pytest

from rewards.contests.charter import PrizeKind
from rewards.prizes import PrizeKindFile, prize_kinds, prize_words


def test_every_kind_of_a_charter_has_its_file_and_no_file_is_without() -> None:
    assert set(prize_kinds()) == {kind.value for kind in PrizeKind}


@pytest.mark.parametrize("kind", prize_kinds().values(), ids=lambda kind: kind.name)
def test_a_prize_reads_as_its_examples_say(kind: PrizeKindFile) -> None:
    for example in kind.examples:
        assert prize_words(example.prize) == example.words
        assert example.prize.kind == kind.name


def test_only_money_is_shared_by_who_ties() -> None:
    assert [name for name, kind in prize_kinds().items() if kind.shared_when_tied] == ["cash"]
