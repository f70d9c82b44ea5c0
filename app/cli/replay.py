"""fanfare replay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click

from app.cli import settings_of_command
from app.database import opened
from app.embedded import services
from app.settings import Settings
from scoring import platforms, replay


@click.command()
@click.option("--platform", help="Only deliveries of this network.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="Only those received since this moment (UTC).",
)
def command(platform: str | None, since: datetime | None) -> None:
    """Let the workers read retained deliveries anew, after an adapter learnt to read more.

    What was understood before stays as it is: nothing counts twice.
    """
    if platform is not None and platform not in platforms():
        known = ", ".join(sorted(platforms()))
        raise click.BadParameter(f"{platform!r} is no network here; there are {known}.")
    with services(settings_of_command(), tell=click.echo) as settings:
        queued = asyncio.run(
            run(settings, platform, None if since is None else since.replace(tzinfo=UTC))
        )
    click.echo(f"{queued:,} deliveries wait for the workers now.")


async def run(settings: Settings, platform: str | None, since_at: datetime | None) -> int:
    """Returns how many deliveries were put into the queue."""
    async with (
        opened(settings.require_database_url(), most=1, command_timeout_s=None) as pool,
        pool.acquire() as connection,
    ):
        return await replay(connection, platform=platform, since_at=since_at)
