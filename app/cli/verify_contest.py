"""fanfare verify-contest."""

from __future__ import annotations

import asyncio
from typing import Final

import click

from app.cli import settings_of_command
from app.database import opened
from app.embedded import services
from app.settings import Settings
from rewards import NoSuchContest, contest_by_slug, verify_contest
from scoring import keep_seasons

ALL_AGREES: Final = "All agrees: the charter, the evidence, the values, the winners, the money."
SO_FAR: Final = "It is not decided yet. So far all agrees: the charter, and the money set aside."


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
            said, decided = asyncio.run(check(running, slug))
        except NoSuchContest as nothing:
            raise click.ClickException(f"{nothing} Its address ends with its name.") from nothing
    for words in said or [ALL_AGREES if decided else SO_FAR]:
        click.echo(words)
    context.exit(1 if said else 0)


async def check(settings: Settings, slug: str) -> tuple[list[str], bool]:
    """What differs, a sentence each, and whether it is decided. Values are recounted in a transaction
    of their own."""
    async with (
        opened(settings.require_database_url(), most=1, command_timeout_s=None) as pool,
        pool.acquire() as connection,
    ):
        await keep_seasons(connection)
        contest = await contest_by_slug(connection, slug)
        return await verify_contest(connection, slug), contest.happened("decided") is not None
