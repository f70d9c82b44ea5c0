"""Followers, the pure part: while an account counts, and which snapshots decide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.intervals import Enrolments, Ownerships
from scoring.tallies.followers import (
    AT_END,
    AT_START,
    Gained,
    Seen,
    Stretch,
    gained,
    stretches,
)

ACCOUNT = UUID(int=7)
START = datetime(2026, 12, 1, tzinfo=UTC)


def at(n: float) -> datetime:
    return START + timedelta(hours=n)


END = at(500)
FROM, TO = at(-24), at(524)


def seen(*counts: tuple[float, int]) -> list[Seen]:
    return [Seen(at(hour), "poll", followers, n) for n, (hour, followers) in enumerate(counts)]


def gain(
    *counts: tuple[float, int], begins: float = -24, ends: float = 524, over: bool = True
) -> int | str | None:
    stretch = Stretch(ACCOUNT, at(begins), at(ends))
    inside = [one for one in seen(*counts) if stretch.from_at <= one.observed_at < stretch.to_at]
    found = gained(stretch, inside, START, END, over)
    return found.last.followers - found.first.followers if isinstance(found, Gained) else found


@pytest.mark.parametrize(
    ("law", "counts", "more", "found"),
    [
        ("closest to the start, before it", [(-20, 1), (-3, 100), (5, 107), (500, 150)], {}, 50),
        ("closest to the start, after it", [(-20, 1), (3, 100), (500, 150)], {}, 50),
        ("as close before as after: the earlier", [(-4, 10), (4, 20), (500, 50)], {}, 40),
        ("closest to the end, on either side", [(0, 10), (490, 30), (505, 40), (520, 99)], {}, 30),
        ("a day before the start is near enough", [(-24, 10), (500, 50)], {}, 40),
        ("a day after the end is near enough", [(0, 10), (523.9, 50)], {}, 40),
        ("nothing near the start", [(25, 10), (500, 50)], {}, AT_START),
        ("nothing near the end", [(0, 10), (475, 50)], {}, AT_END),
        ("while it runs the latest stands in", [(0, 10), (100, 50)], {"over": False}, 40),
        ("while it runs, one count is no gain yet", [(0, 10)], {"over": False}, 0),
        ("linked late: from the first count", [(60, 10), (70, 12), (500, 50)], {"begins": 50}, 40),
        ("linked late and never counted", [], {"begins": 50}, None),
        ("unlinked: up to the last count", [(0, 10), (80, 30), (120, 99)], {"ends": 100}, 20),
        ("unlinked at once: no gain", [(0, 10)], {"ends": 2}, 0),
        ("gone before the start", [(-10, 10)], {"ends": 0}, None),
        ("come after the end", [(510, 10)], {"begins": 500}, None),
        ("followers lost are lost", [(0, 50), (500, 10)], {}, -40),
        ("counted at neither end", [(200, 10)], {}, AT_START),
        ("never counted since it is linked", [], {}, AT_START),
    ],
)  # fmt: skip
def test_which_snapshots_decide(
    law: str, counts: list[tuple[float, int]], more: dict[str, float], found: int | str | None
) -> None:
    assert gain(*counts, **more) == found, law  # type: ignore[arg-type]


def test_in_a_contest_of_minutes_one_count_may_be_both_ends() -> None:
    stretch = Stretch(ACCOUNT, at(-24), at(24))
    found = gained(stretch, seen((-1, 10), (-2, 5)), START, at(0.05), over=True)
    assert isinstance(found, Gained)
    assert found.first == found.last


OWNER = st.tuples(st.integers(-40, 540), st.sampled_from([1, 1, 2, None]))
STATE = st.tuples(st.integers(-40, 540), st.sampled_from(["active", "active", "paused", "left"]))


@given(owners=st.lists(OWNER, max_size=6), states=st.lists(STATE, max_size=5))
def test_an_account_counts_exactly_while_it_is_the_persons_and_they_take_part(
    owners: list[tuple[int, int | None]], states: list[tuple[int, str]]
) -> None:
    ownerships = Ownerships(
        (ACCOUNT, at(hour), person, False, None if person is None else "every")
        for hour, person in dict(owners).items()
    )
    enrolments = Enrolments((1, at(hour), state) for hour, state in dict(states).items())
    found = list(stretches(1, ACCOUNT, ownerships, enrolments, FROM, TO))
    for before, after in pairwise(found):
        assert before.to_at < after.from_at  # whole stretches, none cut in two
    for hour in range(-24, 524, 4):
        counts = (
            ownerships.owner_at(ACCOUNT, at(hour)).person_id == 1
            and enrolments.state_at(1, at(hour)) == "active"
        )
        assert counts == any(s.from_at <= at(hour) < s.to_at for s in found)


@given(
    counts=st.lists(st.tuples(st.integers(-24, 523), st.integers(0, 99)), max_size=12),
    over=st.booleans(),
)
def test_what_is_between_the_ends_decides_nothing(
    counts: list[tuple[int, int]], over: bool
) -> None:
    edges = [one for one in counts if one[0] <= 24 or one[0] >= 476]
    if gain(*edges, over=True) not in (AT_START, AT_END, None):
        assert gain(*counts, over=over) == gain(*edges, over=over)
