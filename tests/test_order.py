"""The order of the tests loses none of them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.order import HERE, LONG, in_order

FILES = [
    *(f"{one}/test_it.py" for part in LONG for one in part),
    "app/test_a.py",
    "scoring/test_b.py",
]


class Item(NamedTuple):
    """As much of a test as its place depends on."""

    path: Path
    number: int


@given(st.lists(st.sampled_from(FILES)), st.integers(1, 9))
def test_every_test_runs_once_whatever_the_number_of_processes(
    files: list[str], processes: int
) -> None:
    items = [Item(HERE / file, number) for number, file in enumerate(files)]
    assert sorted(in_order(items, processes), key=lambda one: one.number) == items


def test_what_takes_long_begins_the_stretches() -> None:
    short = [Item(HERE / "app" / "test_a.py", number) for number in range(50)]
    long = [Item(HERE / f"{part[0]}/test_it.py", 50 + n) for n, part in enumerate(LONG)]
    items = [*short, *long]
    ordered = in_order(items, len(LONG))
    assert ordered[:: len(items) // len(LONG)][: len(LONG)] == long
