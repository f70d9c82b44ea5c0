"""The clock of a reveal: whoever looks at the same moment sees the same step, and it always ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rewards.announcements import (
    FORGOTTEN,
    Announcement,
    AnnouncementEvent,
    Manner,
    Plan,
    Position,
    StepKind,
    Won,
    lasts,
    length,
    plan,
    position,
)
from rewards.announcements.timetable import ends_at
from rewards.announcements.turns import in_turn
from rewards.contests.charter import Charter
from tests.rewards.announcements.test_plan import revealed
from tests.rewards.contests.field import contest, place

START = datetime(2026, 12, 15, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PODIUM = plan(contest(place(1, 1, 3)), [Won(n, 1, n, 0) for n in (1, 2, 3)])
LAST = len(PODIUM.steps) - 1

plans = revealed().map(lambda case: plan(*case))
moments = st.timedeltas(timedelta(days=-1), timedelta(days=1)).map(lambda since: START + since)


def timed(made: Plan, now: datetime) -> Position:
    return position(made, "timed", START, [], now)


def test_before_it_begins_there_is_no_step_and_the_next_picture_is_due_at_the_start() -> None:
    for manner in ("timed", "stepped"):
        before = position(PODIUM, manner, START, [], START - SECOND)
        assert before == Position(None, START)


def test_a_timed_reveal_begins_with_the_opening_and_ends_when_its_length_is_over() -> None:
    assert timed(PODIUM, START).step == 0
    assert timed(PODIUM, START + length(PODIUM) - SECOND).step == LAST
    assert timed(PODIUM, START + length(PODIUM)) == Position(None, None, over=True)


@given(plans, moments, moments)
def test_a_timed_reveal_never_goes_back(made: Plan, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    before, after = timed(made, earlier), timed(made, later)
    assert before.over <= after.over
    if before.step is not None and after.step is not None:
        assert before.step <= after.step
    if before.step is not None:
        assert after.step is not None or after.over


@given(plans, moments)
def test_who_looks_again_when_the_next_picture_is_due_misses_none(
    made: Plan, now: datetime
) -> None:
    seen = []
    at: datetime | None = now
    while at is not None:
        found = timed(made, at)
        assert found.next_at is None or found.next_at > at
        seen.append(found.step)
        at = found.next_at
    steps = [step for step in seen if step is not None]
    assert steps == list(range(steps[0] if steps else 0, len(made.steps) if steps else 0))
    assert seen[-1] is None


@given(revealed(), moments)
def test_any_clock_finds_a_step_of_the_plan_or_none(
    case: tuple[Charter, list[Won]], now: datetime
) -> None:
    made = plan(*case)
    found = timed(made, now)
    assert found.step is None or 0 <= found.step < len(made.steps)
    assert (found.step is not None) == (START <= now < START + length(made))


def test_a_stepped_reveal_waits_at_its_opening_until_somebody_presses() -> None:
    held = position(PODIUM, "stepped", START, [], START + timedelta(minutes=29))
    assert (held.step, held.next_at) == (0, START + FORGOTTEN)


def test_the_newest_recorded_step_holds_also_when_it_went_back() -> None:
    taps = [(1, START + SECOND), (2, START + 2 * SECOND), (1, START + 3 * SECOND)]
    assert position(PODIUM, "stepped", START, taps, START + 4 * SECOND).step == 1


def test_a_stepped_reveal_whose_phone_went_out_is_over_after_half_an_hour() -> None:
    taps = [(2, START + SECOND)]
    assert position(PODIUM, "stepped", START, taps, START + SECOND + FORGOTTEN).over


def test_the_last_step_of_a_stepped_reveal_ends_by_itself() -> None:
    taps = [(LAST, START + SECOND)]
    closing = lasts(PODIUM.steps[LAST])
    assert PODIUM.steps[LAST].kind is StepKind.CLOSING
    assert position(PODIUM, "stepped", START, taps, START + closing).step == LAST
    assert position(PODIUM, "stepped", START, taps, START + SECOND + closing).over


@given(plans, st.lists(st.integers(0, 99), max_size=6))
def test_every_stepped_reveal_ends_whatever_was_pressed(made: Plan, taps: list[int]) -> None:
    pressed = [(step, START + number * SECOND) for number, step in enumerate(taps)]
    assert position(made, "stepped", START, pressed, START + FORGOTTEN + 7 * SECOND).over


@given(now=moments)
def test_what_is_finished_or_called_off_stays_so_though_the_clock_goes_back(now: datetime) -> None:
    for kind in ("finished", "called_off"):
        event = AnnouncementEvent(1, kind, None, None, None, START + timedelta(hours=1))
        for manner in ("timed", "stepped"):
            ended = replace(one_of(1, timedelta(), manner), events=(event,))
            assert ended.position(now).over


def test_the_newest_step_is_on_though_the_clock_went_back_between_two_taps() -> None:
    taps = [(1, START + timedelta(minutes=60)), (2, START + timedelta(minutes=1))]
    on = position(PODIUM, "stepped", START, taps, START + timedelta(minutes=2))
    assert on.step == 2


def one_of(id: int, starts_in: timedelta, manner: Manner) -> Announcement:
    """An announcement of nobody's."""
    return Announcement(id, id, f"no-{id}", 1, "", manner, START + starts_in, PODIUM, START, ())


@given(
    st.lists(
        st.tuples(
            st.timedeltas(timedelta(), timedelta(hours=3)),
            st.sampled_from(["timed", "stepped"]),
            st.none() | st.timedeltas(timedelta(), FORGOTTEN - SECOND),
        ),
        max_size=6,
    )
)
def test_of_all_reveals_one_is_on_at_a_time_and_none_is_cut_short(
    made: list[tuple[timedelta, Manner, timedelta | None]],
) -> None:
    turned = in_turn(one_of(number, *one[:2]) for number, one in enumerate(made))
    for at in range(len(turned)):
        one, pressed = turned[at], made[turned[at].id][2]
        if one.manner == "stepped" and pressed is not None:
            event = AnnouncementEvent(at, "stepped", 1, 1, None, one.begins_at + pressed)
            turned[at] = replace(one, events=(event,))
            turned = in_turn(turned)
    over = [ends_at(one.plan, one.manner, one.begins_at, one.steps_taken) for one in turned]
    for before, (one, over_at) in zip([START, *over], zip(turned, over, strict=True), strict=False):
        assert one.begins_at == max(one.starts_at, before)
        assert one.position(one.begins_at).step is not None
        if one.manner == "timed":
            assert over_at == one.begins_at + length(PODIUM)
    for one, over_at in zip(turned, over, strict=True):
        on = [other.id for other in turned if other.position(over_at - SECOND / 2).step is not None]
        assert on == [one.id]
