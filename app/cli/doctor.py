"""fanfare doctor."""

from __future__ import annotations

import asyncio

import click

from app.checkup import Health, findings
from app.cli import settings_of_command
from app.embedded import services

_COLOURS = {Health.FINE: "green", Health.LOOK: "yellow", Health.BROKEN: "red"}


@click.command()
@click.pass_context
def command(context: click.Context) -> None:
    """Check settings, database, Redis, clock, files and disk; say what to do."""
    with services(settings_of_command(), tell=click.echo) as settings:
        found = asyncio.run(findings(settings))
    width = max(12, *(len(finding.subject) for finding in found))
    for finding in found:
        mark = click.style(f"{finding.health.value:<6}", fg=_COLOURS[finding.health])
        click.echo(f"{mark} {finding.subject:<{width}} {finding.words}")
    broken = sum(finding.health is Health.BROKEN for finding in found)
    if broken:
        click.echo(f"{broken} to mend.")
        context.exit(1)
    looks = sum(finding.health is Health.LOOK for finding in found)
    click.echo(f"Nothing is broken; {looks} to look at." if looks else "All is well.")
