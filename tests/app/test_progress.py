"""What long work says where nothing can renew a line: a log, a pipe."""

from __future__ import annotations

from app.terminal.progress import NOW_AND_THEN_S, Lines


def test_a_log_is_told_now_and_then_how_far_it_is_how_fast_and_how_long_it_will_be() -> None:
    said: list[str] = []
    now = 100.0

    lines = Lines(clock=lambda: now, say=said.append)
    for second in range(30):
        lines("People counted again", 500 * second, 100_000)
        now += 1
    assert said == [
        "People counted again …",
        f"People counted again: {500 * NOW_AND_THEN_S:,.0f} of 100,000, 500 a second,"
        " about 3 min left",
        f"People counted again: {500 * 2 * NOW_AND_THEN_S:,.0f} of 100,000, 500 a second,"
        " about 3 min left",
    ]
    lines("Boards compared", 1, 12)
    assert said[-1] == "Boards compared …"


def test_what_does_not_move_promises_nothing() -> None:
    said: list[str] = []
    now = 0.0
    lines = Lines(clock=lambda: now, say=said.append)
    lines("Waiting", 3, 9)
    now = NOW_AND_THEN_S
    lines("Waiting", 3, 9)
    assert said == ["Waiting …", "Waiting: 3 of 9"]


def test_what_is_done_or_slower_than_one_a_second_says_no_noughts() -> None:
    said: list[str] = []
    now = 0.0
    lines = Lines(clock=lambda: now, say=said.append)
    lines("Running contests", 0, 2)
    now = 60.0
    lines("Running contests", 1, 2)
    now = 120.0
    lines("Running contests", 2, 2)
    assert said[1:] == [
        "Running contests: 1 of 2, about 60 s left",
        "Running contests: 2 of 2",
    ]
