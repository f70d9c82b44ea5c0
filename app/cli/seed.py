"""fanfare seed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click

from app.cli import settings_of_command
from app.database import migrate
from app.embedded import services
from app.settings import Settings
from app.terminal.progress import Tell, progress

_MOST_PEOPLE = 20_000  # whose two months a worker counts in minutes
_MOST_AT_ONCE = 1_000_000


@click.command()
@click.option("--people", type=click.IntRange(5, _MOST_AT_ONCE), default=400, show_default=True,
              help=f"More than {_MOST_PEOPLE:,} with --scale only.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 400), default=60, show_default=True)
@click.option("--seed", type=int, default=2026, show_default=True, help="The same, the same world.")
@click.option("--scale", type=click.IntRange(100, 100_000_000), metavar="ENGAGEMENTS",
              help="Two years with so many engagements, counted and copied in at once: to see how "
              "a large company does. No contests, no screens; a million takes about a minute and "
              "1 GB of disk.")  # fmt: skip
def command(people: int, days: int, seed: int, scale: int | None) -> None:
    """Fill an empty installation with an invented company and its history.

    One that has people is left alone. No traffic is sent; `fanfare demo` does that.
    """
    if scale is None and people > _MOST_PEOPLE:
        raise click.UsageError(
            f"A worker would count for hours what {people:,} people did. Up to {_MOST_PEOPLE:,} "
            "people, or with --scale ENGAGEMENTS up to a million, whose history is copied in."
        )
    from seeds.people import InstallationNotEmpty

    with services(settings_of_command(), tell=click.echo) as settings:
        asyncio.run(migrate(settings.require_database_url()))
        try:
            with progress() as tell:
                said = _fill(settings, people, days, seed, scale, tell)
        except InstallationNotEmpty:
            raise click.ClickException(
                "This installation has people already; nothing was changed. Seed an empty one: "
                "fanfare --data-dir DIRECTORY seed"
            ) from None
    click.echo(f"{said} `fanfare serve` shows them.")


def _fill(
    settings: Settings, people: int, days: int, seed: int, scale: int | None, tell: Tell
) -> str:
    """Do it; what was done, in a sentence."""
    if scale is None:
        from seeds.filling import fill

        asyncio.run(fill(settings, people=people, days=days, seed=seed, tell=tell))
        return f"{people} people and {days} days of history are in."
    from seeds.scale import Size, load

    settings.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    rows = asyncio.run(
        load(
            settings.require_database_url(),
            Size(people, scale, datetime.now(UTC), seed),
            zone=settings.timezone,
            tag=settings.disclosure_tag,
            directory=settings.data_dir,
            tell=tell,
        )
    )
    return (
        f"{people:,} people, {rows['engagement']:,} engagements and {rows['entry']:,} entries "
        "of the ledger are in."
    )
