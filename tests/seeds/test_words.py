"""What the demo's people write."""

from __future__ import annotations

import pytest

from scoring.integrity.detectors.near_duplicates import own_bands
from seeds.words import PERSONAL, WORK


@pytest.mark.parametrize("text", [text for text, _ in (*WORK, *PERSONAL)])
def test_no_text_that_many_invented_people_post_looks_like_a_copied_one(text: str) -> None:
    assert own_bands(f"{text} #anything #TeamHaldenLys https://a.example/b", frozenset()) == []
