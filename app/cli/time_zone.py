"""fanfare time-zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from app.cli import settings_of_command
from app.terminal.unit_of_work import with_database
from scoring import (
    ZoneForeseen,
    ZoneRefused,
    company_zone,
    foresee_zone,
    keep_zones,
    read_zone,
    set_zone,
    zone_changes,
)


@click.command()
@click.argument("name", required=False)
@click.option(
    "--from", "first_day", type=click.DateTime(["%Y-%m-%d"]), help="The first day by the new clock."
)
@click.option("--apply", is_flag=True, help="Do it; without --apply it is only shown.")
def command(name: str | None, first_day: datetime | None, apply: bool) -> None:
    """The company's time zone, and how it is changed from a midnight on.

    Days before that midnight stay as they were: nothing that is counted moves.
    """
    setting = settings_of_command().timezone_at_first
    if name is None:
        _tell(setting)
        return
    if first_day is None:
        raise click.UsageError("Say from which day on: --from 2027-01-01.")
    try:
        to, now = read_zone(name), datetime.now(UTC)

        async def work(connection: Any) -> ZoneForeseen:
            if apply:
                return await set_zone(
                    connection, to, first_day.date(), setting=setting, by=None, now=now
                )
            return await foresee_zone(connection, to, first_day.date(), setting=setting, now=now)

        foreseen = with_database(settings_of_command(), work)
    except (ValueError, ZoneRefused) as refused:
        raise click.ClickException(str(refused)) from None
    hours = foreseen.longer.total_seconds() / 3600
    length = f"; {foreseen.day} has {hours:+g} hours" if hours else ""
    done = "From" if apply else "Would be: from"
    click.echo(f"{done} {foreseen.from_at:%Y-%m-%d %H:%M} UTC on {foreseen.zone}{length}.")
    if not apply:
        click.echo("Nothing has been changed yet; add --apply to do it.")


def _tell(setting: ZoneInfo) -> None:
    async def work(connection: Any) -> list[str]:
        await keep_zones(connection)
        lines = [f"The company's time zone is {company_zone(setting).key}."]
        changes = await zone_changes(connection)
        return lines + [
            f"{one.zone} from {one.from_at:%Y-%m-%d %H:%M} UTC on" for one in changes[1:]
        ]

    for line in with_database(settings_of_command(), work):
        click.echo(line)
