"""Where a contest stands follows from the clock and what was decided, at every moment."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.contests.charter import Charter
from rewards.contests.stage import Amendment, Event, Stage, amended, moments, stage
from tests.rewards.contests.field import contest, place

CHARTER = contest(place(1), freeze_hours=24, settle_hours=72)
START, END = CHARTER.start_at, CHARTER.end_at
SETTLED = END + timedelta(hours=72)
INSTANT = timedelta(microseconds=1)
LATER = Amendment(
    number=1, at=START + timedelta(days=1), text="A week more.", end_at=END + timedelta(days=7)
)


@pytest.mark.parametrize(
    ("at", "stands"),
    [
        (START - INSTANT, Stage.SCHEDULED),
        (START, Stage.RUNNING),
        (END - INSTANT, Stage.RUNNING),
        (END, Stage.SETTLING),
        (SETTLED - INSTANT, Stage.SETTLING),
        (SETTLED, Stage.REVIEW),
    ],
)  # fmt: skip
def test_every_boundary_belongs_to_what_it_begins(at: object, stands: Stage) -> None:
    assert stage(CHARTER, [], at) is stands  # type: ignore[arg-type]


def test_without_a_charter_or_with_one_taken_back_it_is_a_draft() -> None:
    assert stage(None, [], START) is Stage.DRAFT
    taken_back = [Event("published", START), Event("withdrawn", START)]
    assert stage(CHARTER, taken_back, START) is Stage.DRAFT


@pytest.mark.parametrize("kind", ["decided", "announced", "closed", "cancelled"])
def test_what_was_decided_stands_whatever_the_clock_says(kind: str) -> None:
    events = [Event("published", START), Event(kind, END)]
    for at in (START - INSTANT, START, END, SETTLED + timedelta(days=900)):
        assert stage(CHARTER, events, at) is Stage(kind)


def test_no_clock_decides_by_itself() -> None:
    assert (
        stage(CHARTER, [Event("settled", SETTLED)], SETTLED + timedelta(days=900)) is Stage.REVIEW
    )


def test_a_later_end_moves_all_that_follows_it_and_nothing_before() -> None:
    when, new = moments(CHARTER), moments(CHARTER, [LATER])
    assert new.starts_at == when.starts_at
    assert new.ends_at - when.ends_at == new.settles_at - when.settles_at == timedelta(days=7)
    assert new.freezes_at == new.ends_at - timedelta(hours=24)
    assert stage(CHARTER, [], END, [LATER]) is Stage.RUNNING


def test_a_contest_shorter_than_its_freeze_is_frozen_from_the_start_on() -> None:
    short = contest(place(1), freeze_hours=24 * 30)
    assert moments(short).freezes_at == short.start_at


def test_amendments_add_and_the_charter_under_its_hash_stays() -> None:
    before = CHARTER.sha256
    further = Amendment(number=2, at=START, text="One more.", prizes=(place(2, 2),), contact="Ana")
    terms = amended(CHARTER, [LATER, further])
    assert (terms.end_at, terms.contact, len(terms.prizes)) == (LATER.end_at, "Ana", 2)
    assert terms.prizes[:1] == CHARTER.prizes
    assert CHARTER.sha256 == before != terms.sha256


@given(st.lists(st.integers(-10, 60), min_size=2, max_size=8).map(sorted), st.booleans())
def test_the_clock_never_goes_back_a_stage(days: list[int], later: bool) -> None:
    order = list(Stage)
    amendments = [LATER] if later else []
    passed = [
        order.index(stage(CHARTER, [], START + timedelta(days=day), amendments)) for day in days
    ]
    assert passed == sorted(passed)


def test_a_charter_reads_back_as_the_same_bytes() -> None:
    body = CHARTER.canonical()
    again = msgspec.json.decode(body, type=Charter)
    assert again == CHARTER
    assert again.canonical() == body
