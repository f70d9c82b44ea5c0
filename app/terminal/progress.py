"""Progress of long work on a terminal: a bar a step; in a log a line a step."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Tell = Callable[[str, int, int], None]


@contextlib.contextmanager
def progress(quiet: bool = False) -> Iterator[Tell]:
    """A function to call with (what is being done, how far, of how much)."""
    console = Console()
    if quiet:
        yield lambda words, done, whole: None
        return
    if not console.is_terminal:
        said: set[str] = set()

        def say(words: str, done: int, whole: int) -> None:
            if words not in said:
                said.add(words)
                click.echo(f"{words} …")

        yield say
        return
    bars = Progress(
        TextColumn("{task.description:<30}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip
    with bars:
        tasks: dict[str, object] = {}

        def show(words: str, done: int, whole: int) -> None:
            if words not in tasks:
                tasks[words] = bars.add_task(words, total=whole)
            bars.update(tasks[words], completed=done, total=whole)  # type: ignore[arg-type]

        yield show
