"""fanfare verify."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import Final, NamedTuple

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
from scoring import RulebookInvalid, Verification, Whom, record_verification, verify

_NAMED: Final = 50  # differences on a screen; more are counted
_COULD_NOT: Final = 2
_BROKEN_OFF: Final = 130  # as after Ctrl-C anywhere
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


class Asked(NamedTuple):
    """What the command was asked to look at: from which number on, one person or one department."""

    since: int = 1
    email: str | None = None
    department: str | None = None


@click.command()
@click.option("--quiet", is_flag=True, help="No progress, only the outcome.")
@click.option("--boards/--no-boards", default=True, help="Look at the boards in Redis too [yes].")
@click.option(
    "--from", "since", type=click.IntRange(1), default=1, metavar="NUMBER",
    help="Go on at the person of this number, as one that was broken off says.",
)  # fmt: skip
@click.option("--person", metavar="EMAIL", help="Look at this person only.")
@click.option("--department", metavar="NAME", help="Look at the people of this department only.")
@click.pass_context
def command(
    context: click.Context,
    quiet: bool,
    boards: bool,
    since: int,
    person: str | None,
    department: str | None,
) -> None:
    """Count all points again from the facts, another way, and compare ledger, totals and boards.

    The books of money and days are added up again, too: what each budget has left, set aside and
    spent must follow from its transfers.

    May run beside workers: what they are counting just now is left alone. People are looked at some
    at a time, in the order of their numbers; broken off with Ctrl-C, it says how to go on. Ends with 0
    when all agrees, 1 when something differs, 2 when it could not run, 130 when it was broken off.
    """
    if sum((since > 1, person is not None, department is not None)) > 1:
        raise click.UsageError("Choose one of --from, --person and --department.")
    asked, done = Asked(since, person, department), Verification()
    books: Books | None = None
    try:
        with services(settings_of_command(), tell=click.echo) as settings:
            try:
                with progress(quiet) as tell:
                    books = asyncio.run(run(settings, tell, boards, asked, done))
            except (KeyboardInterrupt, SystemExit):
                click.echo("", err=True)
            finally:
                if done.next_person and done.whom.is_everybody:
                    asyncio.run(_write_down(settings, done))
    except _EXPECTED as why:
        words = why.format_message() if isinstance(why, click.ClickException) else str(why)
        click.echo(f"It could not be verified: {words}", err=True)
        if done.next_person > since:
            click.echo(_how_to_go_on(done), err=True)
        context.exit(_COULD_NOT)
    for words in in_words(done, books, boards):
        click.echo(words)
    if books is None:
        context.exit(_BROKEN_OFF)
    context.exit(0 if done.agrees and not books.faults else 1)


async def run(
    settings: Settings, tell: Tell, boards: bool, asked: Asked, done: Verification
) -> Books:
    """Verify the installation of these settings into `done`, and add up its books."""
    async with contextlib.AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            opened(settings.require_database_url(), most=1, command_timeout_s=None)
        )
        connection = await stack.enter_async_context(pool.acquire())
        redis = None
        if boards:
            redis = Redis.from_url(settings.require_redis_url())
            stack.push_async_callback(redis.aclose)
        await verify(
            connection,
            zone=settings.timezone,
            redis=redis,
            whom=await _whom(connection, asked),
            progress=tell,
            into=done,
        )
        if not done.whom.is_everybody:
            return Books(0, [])
        # Added up in one moment, so that transfers may go on meanwhile.
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return Books(len(await budgets(connection)), await check_books(connection))


async def _whom(connection: Connection, asked: Asked) -> Whom:
    if asked.email is not None:
        person = await connection.fetchval(
            "select person_id from profile where lower(email) = lower($1)", asked.email.strip()
        )
        if person is None:
            raise click.ClickException(f"nobody here has the e-mail address {asked.email}.")
        return Whom(person_id=person)
    if asked.department is not None:
        department = await connection.fetchval(
            "select id from department where name = $1", asked.department.strip()
        )
        if department is None:
            raise click.ClickException(f"there is no department called “{asked.department}”.")
        return Whom(department_id=department)
    return Whom(asked.since)


async def _write_down(settings: Settings, done: Verification) -> None:
    """For `fanfare doctor`: how far it came, also where it was broken off."""
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        await record_verification(connection, done, datetime.now(UTC))
    finally:
        await connection.close()


def in_words(done: Verification, books: Books | None, boards: bool = True) -> list[str]:
    """What was checked and what differs, a sentence a line; without books it was broken off."""
    said = [
        f"Checked {done.people:,} people: {done.deeds:,} deeds worth {done.points:,} points under "
        f"{_counted(done.versions, 'version')} of the rulebook, {done.totals:,} totals"
        + (f", {_counted(done.boards, 'board')} in Redis." if boards else ".")
    ]
    if books is not None and done.whom.is_everybody:
        said.append(f"Added up the books of {_counted(books.budgets, 'budget')} again.")
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
    if done.broken_boards:
        said.append(
            f"Not whole in Redis, so shown to nobody until built again: "
            f"{_counted(done.broken_boards, 'board')}."
        )
    faults = [] if books is None else books.faults
    differences = [
        *(str(one) for one in done.differences),
        *(f"The books: {f}." for f in faults),
    ]
    differing = done.differing + len(faults)
    said += differences[:_NAMED]
    if differing:
        more = differing - min(_NAMED, len(differences))
        said.append(
            (f"… and {more:,} more. " if more else "") + f"{_counted(differing, 'difference')}."
        )
    elif books is not None:
        said.append("All agrees.")
    if books is None:
        said.append(_how_to_go_on(done))
    return said


def _how_to_go_on(done: Verification) -> str:
    """Where it was broken off, and what to type."""
    how_far = f"Broken off after {done.people:,} of {done.everybody:,} people"
    if not done.whom.is_everybody:
        return f"{how_far}."
    return f"{how_far}. Go on with: fanfare verify --from {max(done.next_person, done.whom.since)}"


def _counted(number: int, words: str) -> str:
    noun, _, rest = words.partition(" ")
    if number != 1:
        noun = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun}" + (f" {rest}" if rest else "")
