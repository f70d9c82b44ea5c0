"""fanfare worker."""

from __future__ import annotations

import click

from app import logs
from app.cli import settings_of_command
from app.embedded import services
from app.processes.role import ready_database, run_until_told


@click.command()
def command() -> None:
    """Turn deliveries into points, boards and signals; start as many as the work needs."""
    logs.configure()
    settings = settings_of_command()
    with services(settings, tell=click.echo) as settings:
        ready_database(settings)
        from app.worker import run, spare_the_collector  # heavy: only once all else is well

        spare_the_collector()
        run_until_told(run(settings))
