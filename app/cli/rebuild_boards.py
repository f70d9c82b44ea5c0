"""fanfare rebuild-boards."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click
from redis.asyncio import Redis

from app.cli import settings_of_command
from app.database import opened
from app.embedded import services
from app.settings import Settings
from app.terminal.progress import Tell, progress
from scoring import boards_in_redis, keep_seasons, rebuild, retotal, running_boards


@click.command()
@click.option(
    "--totals", is_flag=True, help="First work out all totals again from what stands behind them."
)
@click.option("--quiet", is_flag=True, help="No progress, only the outcome.")
def command(totals: bool, quiet: bool) -> None:
    """Build the running boards, and all others that Redis has, again from PostgreSQL.

    May run beside workers, at any time; who looks at a board sees the old one or the new one.
    """
    with services(settings_of_command(), tell=click.echo) as settings, progress(quiet) as tell:
        righted, boards, people = asyncio.run(run(settings, totals, tell))
    if totals:
        click.echo(f"Totals put right: {righted:,}.")
    click.echo(f"Boards built: {boards:,}; the largest knows {people:,} people.")


async def run(settings: Settings, totals: bool, tell: Tell) -> tuple[int, int, int]:
    """Returns how many totals were put right, how many boards built, and the most people on one."""
    zone = settings.timezone
    righted = 0
    async with (
        opened(settings.require_database_url(), most=1, command_timeout_s=None) as pool,
        pool.acquire() as connection,
        Redis.from_url(settings.require_redis_url()) as redis,
    ):
        if totals:
            righted = await retotal(
                connection,
                zone=zone,
                progress=lambda done, whole: tell("Totals put together", done, whole),
            )
        await keep_seasons(connection)
        boards = {board async for board in boards_in_redis(redis)}
        boards |= set(running_boards(datetime.now(UTC), zone))
        most = 0
        for n, board in enumerate(sorted(boards), start=1):
            most = max(most, await rebuild(connection, redis, board, zone))
            tell("Boards from totals", n, len(boards))
    return righted, len(boards), most
