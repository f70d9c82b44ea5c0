"""fanfare verify-draw."""

from __future__ import annotations

from typing import Any

import click

from app.cli import settings_of_command
from app.terminal.unit_of_work import with_database
from rewards import NoSuchContest, verify_draw


@click.command()
@click.argument("slug")
@click.pass_context
def command(context: click.Context, slug: str) -> None:
    """Check that ties and draws of a decided contest follow from the seed sealed before it began.

    SLUG is the contest's name in its address. Ends with 0 when all agrees, 1 when something differs.
    """

    async def work(connection: Any) -> list[str]:
        return await verify_draw(connection, slug)

    try:
        said = with_database(settings_of_command(), work)
    except NoSuchContest as nothing:
        raise click.ClickException(f"{nothing} Its address ends with its name.") from nothing
    for words in said:
        click.echo(words)
    if not said:
        click.echo(
            "All agrees: the seed is the one that was sealed, and the order follows from it."
        )
    context.exit(1 if said else 0)
