"""fanfare migrate."""

from __future__ import annotations

import asyncio

import click

from app.cli import settings_of_command
from app.database import migrate, migrations_not_applied
from app.embedded import services


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if something is missing.")
@click.pass_context
def command(context: click.Context, check: bool) -> None:
    """Bring the database to this version; safe to run any time, by several at once."""
    with services(settings_of_command(), tell=click.echo) as settings:
        work = migrations_not_applied if check else migrate
        names = asyncio.run(work(settings.require_database_url()))
    if not names:
        click.echo("The database is up to date.")
        return
    click.echo(f"{len(names)} {'missing' if check else 'applied'}:")
    for name in names:
        click.echo(f"  {name}")
    if check:
        context.exit(1)
