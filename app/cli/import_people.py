"""fanfare import-people."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli import settings_of_command
from app.database import opened, transaction
from app.embedded import services
from app.roster_file import BadRow, RosterUnreadable, read_roster
from scoring import Listed, Step, plan_roster, take_roster

_WORDS = {"add": "new", "change": "changes", "keep": "stays"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--apply/--dry-run",
    "apply",
    default=False,
    help="Do it; without --apply it is only shown row by row.",
)
def command(file: Path, apply: bool) -> None:
    """Bring people in from a CSV file with the columns name, email, department, office.

    Shows what would happen; --apply does it, whole or not at all. People who are there already
    are found by their e-mail address and get the name, department and office of the file.
    Nobody is removed, and nobody is enrolled: taking part is each person's own decision. That
    somebody who won left the company is noted by HR on their awards.
    """
    try:
        people, bad = read_roster(file.read_bytes())
    except RosterUnreadable as why:
        raise click.ClickException(f"{file}: {why}") from None
    if bad and apply:
        tell_bad(bad)
        raise click.ClickException(
            f"{len(bad)} {'line' if len(bad) == 1 else 'lines'} cannot be used, so nothing was "
            "done. Correct or remove them, then try again."
        )
    with services(settings_of_command(), tell=click.echo) as settings:
        steps = asyncio.run(run(settings.require_database_url(), people, apply))
    tell(steps, quiet=apply)
    tell_bad(bad)
    counts = {action: sum(step.action == action for step in steps) for action in _WORDS}
    done = "Done" if apply else "Would be done"
    click.echo(
        f"{done}: {counts['add']} added, {counts['change']} changed, {counts['keep']} unchanged"
        + (f", {len(bad)} cannot be used." if bad else ".")
    )
    if not apply:
        click.echo("Nothing has been changed yet; add --apply to do it.")
    if bad:
        raise SystemExit(1)


async def run(database_url: str, people: list[Listed], apply: bool) -> list[Step]:
    """Plan, or take the list in one transaction."""
    # A list of a million people is one statement for a while.
    async with opened(database_url, most=1, command_timeout_s=None), transaction() as connection:
        if apply:
            return await take_roster(connection, people, None, datetime.now(UTC))
        return await plan_roster(connection, people)


def tell(steps: list[Step], *, quiet: bool) -> None:
    """Say row by row what happens; of what stays as it is nothing when `quiet`."""
    for step in steps:
        if quiet and step.action == "keep":
            continue
        person = step.listed
        changes = "; ".join(
            f"{field}: {old or 'none'} → {new or 'none'}"
            for field, (old, new) in step.changed.items()
        )
        place = ", ".join(part for part in (person.department, person.office) if part)
        detail = changes or (place if step.action == "add" else "")
        click.echo(
            f"line {person.line}: {_WORDS[step.action]}  {person.name} <{person.email}>"
            + (f"  {detail}" if detail else "")
        )


def tell_bad(bad: list[BadRow]) -> None:
    """Name every line that cannot be used."""
    for row in bad:
        click.echo(f"line {row.line}: cannot be used: {row.reason}", err=True)
