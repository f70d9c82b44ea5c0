"""fanfare verify."""

from __future__ import annotations

import asyncio
import contextlib
from typing import NamedTuple

import asyncpg
import click
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.cli import settings_of_command
from app.database import Connection, DatabaseUnreachable, opened
from app.embedded import ServiceFault, services
from app.settings import Settings, SettingsFault
from app.terminal.progress import Tell, progress
from rewards import budgets, check_books
from scoring import RulebookInvalid, Verification, verify

_NAMED = 50  # differences on a screen; more are counted
_COULD_NOT = 2
_EXPECTED = (
    click.ClickException,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    RedisError,
    OSError,
    RulebookInvalid,
    SettingsFault,
    ServiceFault,
    DatabaseUnreachable,
)


class Books(NamedTuple):
    """The books of money and days: how many budgets were added up again, and what does not agree."""

    budgets: int
    faults: list[str]


@click.command()
@click.option("--quiet", is_flag=True, help="No progress, only the outcome.")
@click.option("--boards/--no-boards", default=True, help="Look at the boards in Redis too [yes].")
@click.pass_context
def command(context: click.Context, quiet: bool, boards: bool) -> None:
    """Count all points again from the facts, another way, and compare ledger, totals and boards.

    The books of money and days are added up again, too: what each budget has left, set aside and
    spent must follow from its transfers.

    May run beside workers: what they are counting just now is left alone. Ends with 0 when all
    agrees, 1 when something differs, 2 when it could not run.
    """
    try:
        with services(settings_of_command(), tell=click.echo) as settings, progress(quiet) as tell:
            done, books = asyncio.run(run(settings, tell, boards))
    except _EXPECTED as why:
        words = why.format_message() if isinstance(why, click.ClickException) else str(why)
        click.echo(f"It could not be verified: {words}", err=True)
        context.exit(_COULD_NOT)
    for words in in_words(done, books, boards):
        click.echo(words)
    context.exit(0 if done.agrees and not books.faults else 1)


async def run(settings: Settings, tell: Tell, boards: bool) -> tuple[Verification, Books]:
    """Verify the installation of these settings."""
    async with contextlib.AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            opened(settings.require_database_url(), most=1, command_timeout_s=None)
        )
        connection = await stack.enter_async_context(pool.acquire())
        redis = None
        if boards:
            redis = Redis.from_url(settings.require_redis_url())
            stack.push_async_callback(redis.aclose)
        done = await verify(
            connection,
            zone=settings.timezone,
            redis=redis,
            progress=lambda done, whole: tell("People counted again", done, whole),
        )
        return done, await _books(connection)


async def _books(connection: Connection) -> Books:
    """Added up in one moment, so that transfers may go on meanwhile."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return Books(len(await budgets(connection)), await check_books(connection))


def in_words(done: Verification, books: Books, boards: bool = True) -> list[str]:
    """What was checked and what differs, a sentence a line."""
    said = [
        f"Checked {done.people:,} people: {done.deeds:,} deeds worth {done.points:,} points under "
        f"{_counted(done.versions, 'version')} of the rulebook, {done.totals:,} totals"
        + (f", {_counted(done.boards, 'board')} in Redis." if boards else "."),
        f"Added up the books of {_counted(books.budgets, 'budget')} again.",
    ]
    waiting = [
        _counted(number, words)
        for number, words in (
            (done.waiting_deliveries, "delivery"),
            (done.waiting_changes, "change"),
            (done.waiting_totals, "total for the boards"),
        )
        if number
    ]
    if waiting:
        said.append(f"Still on their way: {', '.join(waiting)}.")
    if done.still_counted:
        said.append(f"Points of {done.still_counted:,} people are still being counted.")
    differences = [
        *(str(one) for one in done.differences),
        *(f"The books: {f}." for f in books.faults),
    ]
    differing = done.differing + len(books.faults)
    said += differences[:_NAMED]
    if differing:
        more = differing - min(_NAMED, len(differences))
        said.append(
            (f"… and {more:,} more. " if more else "") + f"{_counted(differing, 'difference')}."
        )
    else:
        said.append("All agrees.")
    return said


def _counted(number: int, words: str) -> str:
    noun, _, rest = words.partition(" ")
    if number != 1:
        noun = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun}" + (f" {rest}" if rest else "")
