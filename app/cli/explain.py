"""fanfare explain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from app.cli import settings_of_command
from app.council import Whose, current_council, may_show
from app.pages.deeds import deed, quoted
from app.terminal.unit_of_work import with_database
from scoring import Day, Line, Period, bounds, explain, keep_seasons, record_audit, starts_on


@click.command()
@click.argument("email")
@click.option("--days", type=click.IntRange(1, 366), default=7, help="How many days back [7].")
def command(email: str, days: int) -> None:
    """Why somebody has the points they have: day by day, rule by rule, and what did not count.

    For answering a question of the person concerned. That it was looked at stands in the audit.
    """
    settings = settings_of_command()
    now = datetime.now(UTC)

    async def work(connection: Any) -> tuple[str, list[Day]] | None:
        person = await connection.fetchrow(
            "select person_id, name from profile where lower(email) = lower($1)", email.strip()
        )
        if person is None:
            return None
        if not may_show(await current_council(connection), Whose.COLLEAGUE):
            raise click.ClickException(
                "What is shown of people is set to teams only (/admin/shown): nobody's points are"
                " explained to anybody else. They see their own at /why."
            )
        await keep_seasons(connection)
        zone = settings.timezone
        start_at, _ = bounds(
            Period.DAY, starts_on(Period.DAY, now - timedelta(days=days - 1), zone), zone
        )
        told = await explain(
            connection, person["person_id"], start_at=start_at, end_at=now, zone=zone
        )
        subject = f"person {person['person_id']}"
        await record_audit(connection, None, "explained", subject, {"days": days}, now)
        return person["name"], told

    found = with_database(settings, work)
    if found is None:
        raise click.ClickException(
            f"Nobody here has the e-mail address {email}. `fanfare import-people` brings people in."
        )
    name, told = found
    zone = settings.timezone
    total = sum(day.points for day in told)
    click.echo(
        f"{name}: {total} points in the last {'day' if days == 1 else f'{days} days'}, {zone.key} time."
    )
    for day in told:
        _say(day, zone)
    if not told:
        click.echo("Nothing happened in this time that Fanfare may look at.")


def _say(day: Day, zone: ZoneInfo) -> None:
    click.echo(f"\n{day.on:%A %d %B %Y}  {day.points:+d}")
    for rule in day.rules:
        click.echo(f"  {rule.label}  {rule.points:+d}")
        for line in rule.lines:
            click.echo(f"    {line.points:+4d}  {_words(line, zone)}")
            for about in line.about:
                click.echo(f"          {about}")
    if day.uncounted:
        click.echo("  Did not count")
    for line in day.uncounted:
        click.echo(f"       0  {_words(line, zone)}: {line.why}")


def _words(line: Line, zone: ZoneInfo) -> str:
    what = f"{line.occurred_at.astimezone(zone):%H:%M}  {deed(line.kind, line.relation)}"
    where = f" ({line.platform or 'a count without names'}, by {line.told_by or line.source})"
    if line.case_id is not None:
        where = f" (the answer to case {line.case_id})"
    text = quoted(line.text, 60)
    return what + where + (f" · {text}" if text else "")
