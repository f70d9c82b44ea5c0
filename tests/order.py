"""In which order tests run: what takes long begins first, so that no process works alone at the end.

pytest-xdist deals the tests out in as many equal stretches as there are processes (--dist worksteal),
and a process that is done takes over from the end of another's stretch. So a stretch begins with the
long ones; and those that share something that is dear to make stand together, to be made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

HERE: Final = Path(__file__).parent
# Each begins a stretch, in turn: a tuple stays together. Minutes, not seconds, or whole processes.
LONG: Final[tuple[tuple[str, ...], ...]] = (
    ("e2e",),
    (
        "seeds",
        "app/bench",
        "app/embedded",
        "app/test_outside.py",
        "app/screens/test_look.py",
        "app/screens/test_script.py",
    ),
    (
        "rewards/season",
        "peers",
        "app/streams",
        "rewards/awards/test_under_fire.py",
        "rewards/budgets/test_books_under_fire.py",
    ),
)


class Placed(Protocol):
    """What a test's place depends on: its file."""

    @property
    def path(self) -> Path: ...


One = TypeVar("One", bound=Placed)


def in_order(items: Sequence[One], processes: int) -> list[One]:
    """The same tests for so many processes; as they stand in the files within each part."""
    long: list[list[One]] = [[] for _ in LONG]
    short: list[One] = []
    for item in items:
        (long[place] if (place := _place(item.path)) is not None else short).append(item)
    heads: list[list[One]] = [[] for _ in range(processes)]
    for number, part in enumerate(long):
        heads[number % processes].extend(part)
    each = len(items) // processes
    ordered: list[One] = []
    for number, head in enumerate(heads):
        ordered += head
        # The last stretch takes what is left over; one whose head is longer than it takes nothing.
        until = each * (number + 1) - len(ordered) if number + 1 < processes else len(short)
        ordered += short[: max(until, 0)]
        del short[: max(until, 0)]
    return ordered


def _place(path: Path) -> int | None:
    where = path.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else ""
    for number, part in enumerate(LONG):
        if any(where == one or where.startswith(f"{one}/") for one in part):
            return number
    return None
