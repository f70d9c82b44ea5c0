"""fanfare deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from app.cli import settings_of_command
from app.terminal.unit_of_work import with_database
from scoring import (
    delivery_file,
    ignored_counts,
    record_audit,
    retry,
    set_aside_count,
    set_aside_list,
)

_WHY = "retried from the command line"
_LARGEST_ID = 2**63 - 1  # PostgreSQL's bigint
_ID = click.IntRange(1, _LARGEST_ID)


@click.group()
def command() -> None:
    """What networks sent that could not be read: list it, look at it, try it again."""


@command.command("list")
@click.option("--platform", help="Only of this network.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="At most so many [50].")
def list_(platform: str | None, limit: int) -> None:
    """The deliveries that are set aside, newest first, and how many were ignored."""

    async def work(connection: Any) -> tuple[Any, int, Any]:
        month = datetime.now(UTC) - timedelta(days=30)
        return (
            await set_aside_list(connection, limit, platform),
            await set_aside_count(connection),
            await ignored_counts(connection, month),
        )

    aside, count, ignored = with_database(settings_of_command(), work)
    for one in aside:
        size = "raw body gone by now" if one.size is None else f"{one.size} bytes"
        tried = "" if one.times == 1 else f", tried {one.times} times"
        click.echo(
            f"{one.delivery_id}  {one.platform}  {one.set_aside_at:%Y-%m-%d %H:%M} UTC"
            f"  {size}{tried}\n    {one.reason}"
        )
    click.echo(
        f"{count} set aside." if count else "Nothing is set aside: every delivery could be read."
    )
    if ignored:
        click.echo("Ignored in the last 30 days:")
    for kind in ignored:
        click.echo(f"  {kind.count} of {kind.platform}: {kind.reason}")


@command.command()
@click.argument("delivery_id", type=_ID)
@click.option("--body/--no-body", default=True, help="Print the raw body too [yes].")
def show(delivery_id: int, body: bool) -> None:
    """One delivery: when it came, what became of it, and what it says."""
    found = with_database(
        settings_of_command(), lambda connection: delivery_file(connection, delivery_id)
    )
    if found is None:
        raise click.ClickException(f"There is no delivery {delivery_id}.")
    raw = found.delivery
    if raw is None:
        click.echo("Its raw body is no longer kept; networks limit for how long it may be.")
    else:
        click.echo(f"{raw.platform}, by {raw.source}, {raw.received_at:%Y-%m-%d %H:%M:%S} UTC")
        for name, value in raw.headers.items():
            click.echo(f"  {name}: {value}")
    for at, outcome, reason in found.outcomes:
        click.echo(f"{at:%Y-%m-%d %H:%M:%S} UTC  {outcome.replace('_', ' ')}: {reason}")
    if found.pending:
        click.echo("It waits for a worker now.")
    if raw is not None and body:
        click.echo(raw.body.decode("utf-8", "backslashreplace"))


@command.command("retry")
@click.argument("delivery_ids", type=_ID, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that are set aside.")
def retry_(delivery_ids: tuple[int, ...], everything: bool) -> None:
    """Put deliveries back into the queue; a running worker reads them again."""
    if everything == bool(delivery_ids):
        raise click.UsageError("Name deliveries by their numbers, or say --all.")

    async def work(connection: Any) -> list[int]:
        now = datetime.now(UTC)
        put_back = await retry(connection, None if everything else delivery_ids, now, _WHY)
        # As for the page: the first hundred are enough to know them by.
        detail = {"deliveries": put_back[:100], "count": len(put_back)}
        await record_audit(connection, None, "retried", "deliveries", detail, now)
        return put_back

    put_back = with_database(settings_of_command(), work)
    click.echo(f"{len(put_back)} put back; `fanfare deliveries list` shows what stays unreadable.")
    left_out = sorted(set(delivery_ids) - set(put_back))
    if left_out:
        raise click.ClickException(
            f"Left out: {', '.join(map(str, left_out))}. They wait already, were read without"
            " trouble, or their raw body is gone."
        )
