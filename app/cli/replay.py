"""fanfare replay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click

from app.cli import settings_of_command
from app.database import opened
from app.embedded import services
from app.settings import Settings
from app.terminal.progress import Tell, progress
from scoring import platforms, replay


@click.command()
@click.option("--platform", help="Only deliveries of this network.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="Only those received since this moment (UTC).",
)
@click.option("--quiet", is_flag=True, help="No progress, only the outcome.")
def command(platform: str | None, since: datetime | None, quiet: bool) -> None:
    """Let the workers read retained deliveries anew, after an adapter learnt to read more.

    What was understood before stays as it is: nothing counts twice.
    """
    if platform is not None and platform not in platforms():
        known = ", ".join(sorted(platforms()))
        raise click.BadParameter(f"{platform!r} is no network here; there are {known}.")
    since_at = None if since is None else since.replace(tzinfo=UTC)
    with services(settings_of_command(), tell=click.echo) as settings, progress(quiet) as tell:
        queued = asyncio.run(run(settings, platform, since_at, tell))
    click.echo(f"{queued:,} deliveries wait for the workers now.")


async def run(
    settings: Settings, platform: str | None, since_at: datetime | None, tell: Tell
) -> int:
    """Returns how many deliveries were put into the queue."""
    async with (
        opened(settings.require_database_url(), most=1, command_timeout_s=None) as pool,
        pool.acquire() as connection,
    ):
        return await replay(
            connection,
            platform=platform,
            since_at=since_at,
            progress=lambda done, whole: tell("Days queued", done, whole),
        )
