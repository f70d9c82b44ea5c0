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


def offered(stage: Stage, entrants: int, *, told: bool = False) -> list[str]:
    """The addresses of what can be done."""
    return [option.href for option in options("starters", stage, entrants, told=told)]


def test_withdrawing_is_offered_only_while_nobody_has_entered() -> None:
    withdraw = "/hr/contests/starters/withdraw"
    assert withdraw in offered(Stage.SCHEDULED, 0)
    assert withdraw not in offered(Stage.SCHEDULED, 1)
    assert withdraw not in offered(Stage.RUNNING, 0)


def test_what_is_decided_is_announced_where_leaders_announce() -> None:
    assert offered(Stage.DECIDED, 9) == ["/leader/announcements/starters"]
    assert offered(Stage.CLOSED, 9) == []
    assert offered(Stage.CLOSED, 9, told=True) == ["/announcements/starters"]
