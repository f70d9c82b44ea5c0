"""Progress of long work: on a terminal a line a step that renews; in a log a line now and then."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

Tell = Callable[[str, int, int], None]

NOW_AND_THEN_S: Final = 10.0  # between two lines of one step in a log


@contextlib.contextmanager
def progress(quiet: bool = False) -> Iterator[Tell]:
    """A function to call with (what is being done, how far, of how much)."""
    console = Console()
    if quiet:
        yield lambda words, done, whole: None
        return
    if not console.is_terminal:
        yield Lines()
        return
    bars = Progress(
        TextColumn("{task.description:<30}"), BarColumn(), MofNCompleteColumn(), _Rate(),
        TimeElapsedColumn(), TimeRemainingColumn(), console=console,
    )  # fmt: skip
    with bars:
        tasks: dict[str, object] = {}

        def show(words: str, done: int, whole: int) -> None:
            if words not in tasks:
                tasks[words] = bars.add_task(words, total=whole)
            bars.update(tasks[words], completed=done, total=whole)  # type: ignore[arg-type]

        yield show


@dataclass(slots=True)
class Lines:
    """Where nothing can renew: a line when a step begins, then now and then how far it is."""

    clock: Callable[[], float] = time.monotonic
    say: Callable[[str], Any] = click.echo
    _begun: dict[str, tuple[float, int]] = field(default_factory=dict)  # when, and how far it was
    _said: dict[str, float] = field(default_factory=dict)

    def __call__(self, words: str, done: int, whole: int) -> None:
        """Say it, if it is time."""
        now = self.clock()
        if words not in self._begun:
            self._begun[words] = now, done
            self._said[words] = now
            self.say(f"{words} …")
        elif now - self._said[words] >= NOW_AND_THEN_S:
            self._said[words] = now
            since, first = self._begun[words]
            rate = (done - first) / (now - since)
            self.say(f"{words}: {done:,} of {whole:,}{_pace(rate, whole - done)}")


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


def _pace(rate: float, left: int) -> str:
    if rate <= 0:
        return ""
    pace = f", {rate:,.0f} a second" if rate >= 1 else ""  # "0 a second" says less than nothing
    if left <= 0:
        return pace
    seconds = left / rate
    wait = f"{seconds:,.0f} s" if seconds < 100 else f"{seconds / 60:,.0f} min"
    return f"{pace}, about {wait} left"
