"""fanfare bench."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click

from app.bench import (
    LARGE,
    QUICK,
    USUAL,
    NoRoom,
    ProcessFailed,
    Room,
    Scale,
    StandsStill,
    as_json,
    check,
    described,
    in_words,
    measure,
    measurements,
    servers,
)
from app.cli import settings_of_command
from app.terminal.progress import progress


@click.command()
@click.argument("names", nargs=-1, metavar="[MEASUREMENT]...")
@click.option("--quick", is_flag=True, help="Smaller and in one round: under a minute.")
@click.option("--large", is_flag=True, help="Boards and histories of a million; takes long.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path),
              help="Write all figures to a file too.")  # fmt: skip
@click.option("--here", is_flag=True,
              help="On the servers of FANFARE_DATABASE_URL and FANFARE_REDIS_URL.")  # fmt: skip
@click.option("--list", "only_list", is_flag=True, help="Say what can be measured.")
def command(
    names: tuple[str, ...], quick: bool, large: bool, file: Path | None, here: bool, only_list: bool
) -> None:
    """Measure what this machine can do; everything, or what is named.

    Takes some minutes and both hands of the machine. No data of an installation is touched: it runs
    on embedded servers of its own, or with --here in databases of its own on yours, which needs a
    user who may create databases and an empty Redis database.
    """
    known = measurements()
    if only_list:
        for one in known.values():
            click.echo(f"{one.name:<12} {one.words}")
        return
    if quick and large:
        raise click.UsageError("--quick and --large are opposites.")
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"Nothing is called {unknown[0]}; there are {', '.join(known)}.")
    scale = QUICK if quick else LARGE if large else USUAL
    try:
        _run([name for name in known if not names or name in names], scale, here, file)
    except (NoRoom, ProcessFailed, StandsStill) as fault:
        raise click.ClickException(str(fault)) from None


def _run(names: list[str], scale: Scale, here: bool, file: Path | None) -> None:
    with servers(settings_of_command(), here=here) as (settings, directory):
        asyncio.run(check(settings))
        machine = asyncio.run(
            described(settings.require_database_url(), settings.require_redis_url(), directory)
        )
        with progress() as tell:
            results = asyncio.run(measure(Room(settings, scale, tell, directory), names))
    click.echo(in_words(machine, results))
    if file is not None:
        file.write_text(json.dumps(as_json(machine, results), indent=2, ensure_ascii=False) + "\n")
        click.echo(f"\nAll figures are in {file}.")
