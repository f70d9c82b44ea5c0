"""fanfare rebuild-boards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from redis.asyncio import Redis

from app.cli import settings_of_command
from app.database import Connection, opened
from app.embedded import services
from app.settings import Settings
from app.terminal.progress import Tell, progress
from scoring import BoardKey, boards_in_redis, keep_seasons, rebuild, retotal, running_boards


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
    righted = 0
    async with (
        opened(settings.require_database_url(), most=1, command_timeout_s=None) as pool,
        pool.acquire() as connection,
        Redis.from_url(settings.require_redis_url()) as redis,
    ):
        await keep_seasons(connection)
        zone = settings.timezone
        if totals:
            righted = await retotal(
                connection,
                zone=zone,
                progress=lambda done, whole: tell("Totals put together", done, whole),
            )
        boards = {board async for board in boards_in_redis(redis)}
        boards |= set(running_boards(datetime.now(UTC), zone))
        most = await _build(connection, redis, sorted(boards), zone, tell)
    return righted, len(boards), most


async def _build(
    connection: Connection, redis: Redis, boards: Sequence[BoardKey], zone: ZoneInfo, tell: Tell
) -> int:
    """Build these; what is told is how many of all their totals have been read."""
    sizes = await _sizes(connection, boards)
    whole, before, most = sum(sizes.values()), 0, 0
    for board in boards:

        def read(done: int, of_board: int, before: int = before) -> None:
            tell("Totals into boards", before + done, max(whole, before + done))

        most = max(most, await rebuild(connection, redis, board, zone, read))
        before += sizes[board]
        tell("Totals into boards", before, max(whole, before))
    return most


async def _sizes(connection: Connection, boards: Sequence[BoardKey]) -> dict[BoardKey, int]:
    """How many totals a board is put together from; those of a part of the people read everyone's."""
    columns = zip(*((one.metric, one.period.value, one.starts_on) for one in boards), strict=True)
    rows = await connection.fetch(
        """select b.metric, b.period, b.starts_on, count(t.person_id) as many
           from (select distinct * from unnest($1::text[], $2::text[], $3::date[])
                   as b(metric, period, starts_on)) b
           left join total t using (metric, period, starts_on) group by 1, 2, 3""",
        *columns,
    )
    many = {(row["metric"], row["period"], row["starts_on"]): row["many"] for row in rows}
    return {one: many[one.metric, one.period.value, one.starts_on] for one in boards}
