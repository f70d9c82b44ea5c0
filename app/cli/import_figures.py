"""fanfare import-figures."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import click

from app.cli import settings_of_command
from app.database import opened, transaction
from app.embedded import services
from app.pages.by_hand.rows import OUTCOMES, figures
from app.settings import Settings
from scoring import (
    Columns,
    LookedAt,
    NoColumns,
    NotASheet,
    PlannedLine,
    columns_named,
    deliver_planned,
    encoding_of,
    end_of,
    header_in,
    order_of_days,
    plan_figures,
    record_audit,
    sheet_rows,
    taken,
)

_CHUNK: Final = 64 * 1024
_HEAD: Final = 40  # rows in which the names of the columns are looked for
_GATHERED: Final = 4_000  # figures before they are handed on


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", required=True, help="Columns as saved under /comms/figures/import.")
@click.option(
    "--apply/--dry-run",
    "apply",
    default=False,
    help="Take the figures; without --apply it is only shown row by row.",
)
@click.option("--lower", is_flag=True, help="Also take figures that are lower than what is known.")
@click.option(
    "--seen-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which the network made the file; today unless said.",
)
def command(file: Path, mapping: str, apply: bool, lower: bool, seen_on: datetime | None) -> None:
    """Take figures of posts from a network's own export (CSV).

    Shows row by row what would happen; --apply does it, whole or not at all. The same file again
    changes nothing.
    """
    with services(settings_of_command(), tell=click.echo) as settings:
        day = None if seen_on is None else seen_on.date()
        try:
            counts, took = asyncio.run(run(settings, file, mapping, day, apply=apply, lower=lower))
        except (NotASheet, NoColumns) as why:
            raise click.ClickException(f"{file}: {why}") from None
    said = (
        ", ".join(f"{n:,} {OUTCOMES[name][0].lower()}" for name, n in counts.items()) or "no rows"
    )
    click.echo(f"{said}.")
    if apply:
        some = "1 figure was" if took == 1 else f"{took:,} figures were"
        click.echo(f"Done: {some} taken." if took else "Done: nothing was new.")
    else:
        click.echo("Nothing has been changed yet; add --apply to do it.")
    if counts["unreadable"]:
        raise SystemExit(1)


async def run(
    settings: Settings, file: Path, mapping: str, day: date | None, *, apply: bool, lower: bool
) -> tuple[Counter[str], int]:
    """Plan, or take, in one transaction; how many rows of each outcome and figures taken."""
    url, zone, now = settings.require_database_url(), settings.timezone, datetime.now(UTC)
    if day is not None and day > now.astimezone(zone).date():
        raise NotASheet(f"{day} has not come yet.")
    encoding = encoding_of(chunks(file))
    async with opened(url, most=1, command_timeout_s=None), transaction() as connection:
        saved = await columns_named(connection, mapping)
        head = [
            row for _, row in zip(range(_HEAD), sheet_rows(chunks(file), encoding), strict=False)
        ]
        line, header = header_in(head)
        columns = saved.columns
        if lacking := columns.lacking(header):
            raise NotASheet(
                f"There is no column {' and none '.join(f'“{one}”' for one in lacking)}."
            )
        if columns.order == "auto" and columns.observed:
            order = order_of_days(sheet_rows(chunks(file), encoding), header, columns.observed)
            columns = Columns(columns.post, columns.kinds, columns.observed, order)
        seen_at = end_of(day, zone, now) if day else now
        how = LookedAt(saved.platform, header, line, columns, seen_at)
        plan = plan_figures(
            connection, sheet_rows(chunks(file), encoding), how, by=None, now=now, zone=zone
        )
        return await _go_through(connection, plan, saved.platform, now, apply=apply, lower=lower)


async def _go_through(
    connection: Any, plan: Any, network: str, now: datetime, *, apply: bool, lower: bool
) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    gathered: list[Any] = []
    took = 0
    async for lines in plan:
        for one in lines:
            counts[one.outcome] += 1
            tell(one, quiet=apply)
            gathered += taken(one, lower=lower) if apply else []
        if len(gathered) >= _GATHERED:
            took += await deliver_planned(connection, network, gathered, now)
            gathered = []
    took += await deliver_planned(connection, network, gathered, now)
    if took:
        detail = {"network": network, "figures": took, "lower": lower}
        await record_audit(connection, None, "figures_imported", "command", detail, now)
    return counts, took


def tell(line: PlannedLine, *, quiet: bool) -> None:
    """Say what a row does; what stays as it is goes without saying when `quiet`."""
    if quiet and line.outcome in ("same", "unknown"):
        return
    said = "  ".join(part for part in (line.words, figures(line)) if part)
    click.echo(
        f"line {line.line}: {OUTCOMES[line.outcome][0].lower()}  {printable(said)}",
        err=line.outcome == "unreadable",
    )


def printable(text: str) -> str:
    """What others wrote, without what would steer a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def chunks(file: Path) -> Iterator[bytes]:
    """The bytes of a file, a stretch at a time."""
    with file.open("rb") as body:
        while chunk := body.read(_CHUNK):
            yield chunk
