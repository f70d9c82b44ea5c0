"""The one fold, and the identities every worker arrives at alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scoring.fold import Claim, fold
from scoring.identity import account_id, credit_key, engagement_id, native_key
from scoring.rules import read_rulebook

START = datetime(2026, 11, 2, tzinfo=UTC)
RULE = read_rulebook(
    """[[rule]]
name = "answered"
when = { relation = "earned" }
credit = "actor+post"
per = "day"
steps = [[2, 5], [1, 0], [2, 1]]"""
).rules["answered"]

claims = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 50)), unique_by=lambda c: c[1]).map(
    lambda drawn: [
        Claim(UUID(int=key), START + timedelta(hours=hours), UUID(int=key)) for hours, key in drawn
    ]
)


@given(claims, st.integers())
def test_points_depend_on_the_set_of_claims_alone(drawn: list[Claim], seed: int) -> None:
    mixed = list(drawn)
    Random(seed).shuffle(mixed)
    assert fold(RULE, mixed) == fold(RULE, drawn)


@given(claims)
def test_the_kth_claim_by_moment_and_key_earns_the_kth_step(drawn: list[Claim]) -> None:
    ordered = sorted(drawn, key=lambda claim: (claim.at, claim.key))
    earned = {one.claim.key: one.points for one in fold(RULE, drawn)}
    for claim, points in zip(ordered, [5, 5, 0, 1, 1], strict=False):
        assert earned.get(claim.key, 0) == points
    assert sum(earned.values()) <= 12


def test_ids_are_the_same_for_ever() -> None:
    # Written down once: a change would count everything a second time.
    assert account_id("x", "1") == UUID("a3ad5bbb-4a0c-7156-5778-3919ac46f125")
    assert native_key("x", "1") == UUID("e305218a-6ef9-cb57-5724-6cd8116c5e34")
    assert engagement_id("x", "reply", "1", None) == UUID("8cfbefd4-db67-5c0a-5421-9eceb68a8532")
    assert credit_key("a", "b") == UUID("4dfb4415-f335-38cb-73f5-1e3c22743958")


printable = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=5)


@given(st.tuples(printable, printable), st.tuples(printable, printable))
def test_different_things_have_different_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (account_id(*one) == account_id(*other)) == (one == other)
    assert (credit_key(*one) == credit_key(*other)) == (one == other)
    assert account_id(*one) != native_key(*one)
