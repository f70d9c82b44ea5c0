"""fanfare seed."""

from __future__ import annotations

import asyncio

import click

from app.cli import settings_of_command
from app.database import migrate
from app.embedded import services
from app.terminal.progress import progress


@click.command()
@click.option("--people", type=click.IntRange(5, 20_000), default=400, show_default=True)
@click.option("--days", type=click.IntRange(1, 400), default=60, show_default=True)
@click.option("--seed", type=int, default=2026, show_default=True, help="The same, the same world.")
def command(people: int, days: int, seed: int) -> None:
    """Fill an empty installation with an invented company and its history.

    One that has people is left alone. No traffic is sent; `fanfare demo` does that.
    """
    from seeds.filling import fill
    from seeds.people import InstallationNotEmpty

    with services(settings_of_command(), tell=click.echo) as settings:
        asyncio.run(migrate(settings.require_database_url()))
        try:
            with progress() as tell:
                asyncio.run(fill(settings, people=people, days=days, seed=seed, tell=tell))
        except InstallationNotEmpty:
            raise click.ClickException(
                "This installation has people already; nothing was changed. Seed an empty one: "
                "fanfare --data-dir DIRECTORY seed"
            ) from None
    click.echo(f"{people} people and {days} days of history are in. `fanfare serve` shows them.")
