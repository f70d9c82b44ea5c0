"""fanfare listen."""

from __future__ import annotations

import click

from app import logs
from app.cli import settings_of_command
from app.embedded import services
from app.processes.role import ready_database, run_until_told


@click.command()
def command() -> None:
    """Listen to the streams that the settings name; what is heard is stored like any delivery.

    Start as many as should stand ready: one listens to a stream, another takes over when it ends.
    """
    logs.configure()
    settings = settings_of_command()
    from app.streams import NothingToHear, run

    with services(settings, tell=click.echo) as settings:
        ready_database(settings)
        try:
            run_until_told(run(settings))
        except NothingToHear as why:
            raise click.ClickException(str(why)) from None
