"""fanfare verify-contest."""

from __future__ import annotations

import asyncio

import click

from app.cli import settings_of_command
from app.database import opened
from app.embedded import services
from app.settings import Settings
from rewards import NoSuchContest, verify_contest


@click.command()
@click.argument("slug")
@click.pass_context
def command(context: click.Context, slug: str) -> None:
    """Check a contest again: charter, evidence, every value from the facts, winners, money.

    SLUG is the contest's name in its address. Ends with 0 when all agrees, 1 when something differs.
    """
    settings = settings_of_command()
    with services(settings, tell=lambda words: click.echo(words, err=True)) as running:
        try:
            said = asyncio.run(check(running, slug))
        except NoSuchContest as nothing:
            raise click.ClickException(f"{nothing} Its address ends with its name.") from nothing
    for words in said:
        click.echo(words)
    if not said:
        click.echo("All agrees: the charter, the evidence, the values, the winners, the money.")
    context.exit(1 if said else 0)


async def check(settings: Settings, slug: str) -> list[str]:
    """What differs, a sentence each. Values are recounted in a transaction of their own."""
    async with (
        opened(settings.require_database_url(), most=1, command_timeout_s=None) as pool,
        pool.acquire() as connection,
    ):
        return await verify_contest(connection, slug)
