"""The numbers about everybody: ranks shared, nobody named, nothing counted as no rank."""

from hypothesis import given
from hypothesis import strategies as st

from scoring.what_if.foreseen import foresee, ranks, spread

points = st.dictionaries(st.integers(1, 9), st.integers(0, 5))


def test_equal_points_share_a_rank_and_nothing_has_none():
    assert ranks({1: 9, 2: 5, 3: 5, 4: 1, 5: 0}) == {1: 1, 2: 2, 3: 2, 4: 4}


def test_a_spread_leaves_out_who_has_nothing():
    found = spread({1: 60, 2: 20, 3: 10, 4: 10, 5: 0})
    assert (found.people, found.points, found.top_percent, found.median) == (4, 100, 90, 15)
    assert spread({}) == spread({1: 0})


def test_who_begins_to_have_points_moves_up_and_who_loses_all_moves_down():
    found = foresee({1: 5, 2: 3}, {2: 3, 3: 1}, ())
    assert (found.up, found.down, found.same) == (2, 1, 0)


@given(points, points)
def test_everybody_with_anything_moves_up_or_down_or_stays(now, then):
    found = foresee(now, then, ())
    with_anything = {p for p, v in now.items() if v} | {p for p, v in then.items() if v}
    assert found.up + found.down + found.same == len(with_anything)
    back = foresee(then, now, ())
    assert (back.up, back.down, back.same) == (found.down, found.up, found.same)
    assert foresee(now, now, ()).same == found.now.people
