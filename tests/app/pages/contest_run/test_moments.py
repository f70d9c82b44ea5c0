"""The way of a contest as moments that are over, that is now and that are to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.pages.contest_run.moments import way
from app.pages.contest_run.page import options
from rewards import Moments, Stage

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
MOMENTS = Moments(
    starts_at=START,
    freezes_at=None,
    ends_at=START + timedelta(days=7),
    settles_at=START + timedelta(days=10),
)
PUBLISHED = {"published": START - timedelta(days=3)}


def test_what_is_next_is_where_the_contest_stands() -> None:
    steps = way(MOMENTS, PUBLISHED, START + timedelta(days=1), cancelled_at=None)
    assert [step.word for step in steps if step.past] == ["Published", "Starts"]
    assert [step.word for step in steps if step.now] == ["Ends"]
    assert "Standing freezes" not in [step.word for step in steps]


def test_nobody_knows_when_people_decide() -> None:
    steps = way(MOMENTS, PUBLISHED, START + timedelta(days=11), cancelled_at=None)
    decided = next(step for step in steps if step.word == "Decided")
    assert decided.now
    assert decided.at is None


def test_a_cancelled_contest_ends_with_its_cancelling() -> None:
    at = START + timedelta(days=2)
    steps = way(MOMENTS, PUBLISHED, START + timedelta(days=30), cancelled_at=at)
    assert [step.word for step in steps] == ["Published", "Starts", "Cancelled"]


def test_withdrawing_is_offered_only_while_nobody_has_entered() -> None:
    assert "withdraw" in [option.key for option in options(Stage.SCHEDULED, 0)]
    assert "withdraw" not in [option.key for option in options(Stage.SCHEDULED, 1)]
    assert "withdraw" not in [option.key for option in options(Stage.RUNNING, 0)]
    assert [option.key for option in options(Stage.DECIDED, 9)] == ["announce"]
    assert options(Stage.CLOSED, 9) == []
