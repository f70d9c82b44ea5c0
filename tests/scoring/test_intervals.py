"""Whose an account was when, and who took part: half-open intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from scoring.intervals import OUTSIDER, Enrolments, Ownerships

START = datetime(2026, 11, 2, tzinfo=UTC)
ACCOUNT = uuid4()


def hour(n: int) -> datetime:
    return START + timedelta(hours=n)


@given(st.dictionaries(st.integers(0, 9), st.sampled_from([1, 2, None])), st.integers(-1, 10))
def test_the_last_row_not_after_a_moment_decides(states: dict[int, int | None], at: int) -> None:
    rows = [
        (ACCOUNT, hour(n), person, False, None if person is None else "every")
        for n, person in states.items()
    ]
    before = [n for n in states if n <= at]
    expected = states[max(before)] if before else None
    for order in (rows, rows[::-1]):
        assert Ownerships(order).owner_at(ACCOUNT, hour(at)).person_id == expected


def test_an_interval_begins_with_its_moment_and_ends_before_the_next() -> None:
    owned = Ownerships(
        [(ACCOUNT, hour(1), 7, False, "every"), (ACCOUNT, hour(2), None, False, None)]
    )
    just = timedelta(microseconds=1)
    assert owned.owner_at(ACCOUNT, hour(1) - just) == OUTSIDER
    assert owned.owner_at(ACCOUNT, hour(1)).person_id == 7
    assert owned.owner_at(ACCOUNT, hour(2) - just).person_id == 7
    assert owned.owner_at(ACCOUNT, hour(2)).outsider


def test_nobody_and_unknown_accounts_are_outside() -> None:
    owned = Ownerships([(ACCOUNT, hour(1), None, True, None)])
    assert owned.owner_at(None, hour(2)) == OUTSIDER
    assert owned.owner_at(uuid4(), hour(2)) == OUTSIDER
    assert owned.owner_at(ACCOUNT, hour(2)).company


def test_supposing_an_owner_leaves_the_others_as_they_are() -> None:
    other = uuid4()
    owned = Ownerships([(ACCOUNT, hour(1), 7, False, "every"), (other, hour(1), 8, False, "every")])
    supposed = owned.supposing(ACCOUNT, OUTSIDER)
    assert supposed.owner_at(ACCOUNT, hour(2)) == OUTSIDER
    assert supposed.owner_at(other, hour(2)).person_id == 8
    assert owned.owner_at(ACCOUNT, hour(2)).person_id == 7


@given(st.dictionaries(st.integers(0, 9), st.sampled_from(["active", "paused", "left"])))
def test_a_persons_state_is_the_last_one_they_chose(states: dict[int, str]) -> None:
    enrolments = Enrolments((7, hour(n), state) for n, state in states.items())
    for at in range(-1, 11):
        before = [n for n in states if n <= at]
        expected = states[max(before)] if before else None
        assert enrolments.state_at(7, hour(at)) == expected
    assert enrolments.state_at(8, hour(5)) is None
