"""fanfare demo."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn

import click
from rich.console import Console

from app.cli import settings_of_command
from app.database import migrate
from app.embedded import erase, services
from app.processes.children import ChildDied
from app.settings import Settings
from app.terminal.progress import progress

ANNOUNCING = """\
  The first ends in about three minutes; seconds later colleagues have approved its prizes, and
  {name}, the leader, can announce it on the screens: {address}/leader/announcements"""
SAY_EVERY_S = 30.0  # the status line where there is no terminal to keep one in place


@click.command()
@click.option("--fresh", is_flag=True, help="Wipe this demo's data and begin anew.")
@click.option("--port", type=click.IntRange(1, 65535), help="The pages' port [8000].")
@click.option("--live-port", type=click.IntRange(1, 65535), help="The live port [the next one].")
@click.option("--people", type=click.IntRange(5, 20_000), default=400, show_default=True)
@click.option("--days", type=click.IntRange(1, 400), default=60, show_default=True)
@click.option("--seed", type=int, default=2026, show_default=True, help="The same, the same world.")
@click.option("--quiet", is_flag=True, help="Only say where to look.")
def command(
    fresh: bool,
    port: int | None,
    live_port: int | None,
    people: int,
    days: int,
    seed: int,
    quiet: bool,
) -> None:
    """Run an invented company with live traffic, all in one; Ctrl-C ends it.

    Starting again continues with the same data. Two demos need two directories and two ports:
    fanfare --data-dir .fanfare-2 demo --port 8100
    """
    from seeds.demo import NotReady, check_ports
    from seeds.installation import NotADemo, prepare, wipe

    signal.signal(signal.SIGTERM, _interrupt)
    if live_port is None and port is not None:
        live_port = port + 1
    try:
        directory = settings_of_command().data_dir
        if fresh:
            wipe(directory)
        demo = prepare(directory, seed=seed, people=people, days=days)
        settings = replace(settings_of_command(port=port, live_port=live_port), demo=True)
        check_ports(settings)
        if not demo.filled:
            # An earlier start was ended half-way; what it left is of no use to anybody.
            erase(directory)
        with services(settings, tell=click.echo, alone=True) as settings:
            asyncio.run(_until_told(_run(settings, quiet)))
    except (NotADemo, NotReady, ChildDied) as fault:
        raise click.ClickException(str(fault)) from None
    except KeyboardInterrupt:
        pass
    if not quiet:
        click.echo("\nThe demo has ended; nothing of it runs on. `fanfare demo` continues it.")


def _interrupt(_: int, __: object) -> NoReturn:
    raise KeyboardInterrupt


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work`; the first SIGINT or SIGTERM ends it in order, further ones hurry nothing."""
    task = asyncio.ensure_future(work)
    told = asyncio.Event()

    def end() -> None:
        if not told.is_set():
            told.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end)
    await asyncio.wait([task])
    if told.is_set() and task.cancelled():
        return
    task.result()


async def _run(settings: Settings, quiet: bool) -> None:
    from rewards import Refused
    from seeds.demo import (
        caught_up,
        contest_addresses,
        roles,
        screen_addresses,
        sign_in_links,
        traffic,
    )
    from seeds.helping import looking_after
    from seeds.installation import Demo
    from seeds.jetstream import Jetstream
    from seeds.personas import LEADER
    from seeds.world import build_world

    demo = Demo.of(settings.data_dir)
    assert demo is not None, "prepared by the command"
    say = click.echo if not quiet else lambda _: None
    await migrate(settings.require_database_url())
    if demo.filled:
        say(f"Continuing with {demo.people} people; --fresh begins anew.")
    else:
        await _fill(settings, demo, quiet)
    world = build_world(demo.seed, demo.people)
    async with (
        Jetstream.served(settings.live_port + 1) as stream,
        roles(settings.with_secrets("bluesky", stream=stream.address), say) as children,
    ):
        await caught_up(settings)
        click.echo(f"\nThe leaderboard:  {settings.base_url}/\n\nSign in as")
        for persona, address in await sign_in_links(settings, demo):
            click.echo(f"  {persona.label:<20} {persona.name:<20} {address}")
        click.echo("\nContests that run")
        try:
            for name, address in await contest_addresses(settings, world):
                click.echo(f"  {name:<38} {address}")
        except Refused as refused:  # such as a budget that a visitor closed
            click.echo(f"  No short contest this time: {refused}")
        else:
            click.echo(ANNOUNCING.format(name=LEADER.name, address=settings.base_url))
        click.echo("\nTeam screens")
        for name, address in await screen_addresses(settings):
            click.echo(f"  {name:<38} {address}")
        click.echo("\nThe networks keep sending. Ctrl-C ends the demo.\n")
        sender = await traffic(settings, world, stream)
        colleagues = looking_after(settings, world)
        tasks = [sender.run(), children.watch(), colleagues.run()]
        if not quiet:
            tasks.append(_status(sender))
        await _first_end([asyncio.ensure_future(task) for task in tasks])


async def _first_end(tasks: list[asyncio.Task[None]]) -> None:
    """Waits until one of them ends, ends the others, and lets its error be heard."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _fill(settings: Settings, demo: Any, quiet: bool) -> None:
    from seeds.filling import fill
    from seeds.people import InstallationNotEmpty

    try:
        with progress(quiet) as tell:
            await fill(settings, people=demo.people, days=demo.days, seed=demo.seed, tell=tell)
    except InstallationNotEmpty:
        raise click.ClickException(
            "The database that FANFARE_DATABASE_URL names has people already; the demo fills an "
            "empty one only. Nothing was changed."
        ) from None
    demo.filled = True
    demo.note(settings.data_dir)


async def _status(sender: Any) -> None:
    from seeds.demo import status_line

    console = Console()
    if not console.is_terminal:
        while True:
            await asyncio.sleep(SAY_EVERY_S)
            click.echo(f"{datetime.now(UTC):%H:%M:%S} {status_line(sender.sent)}")
    with console.status("waiting for the first delivery") as shown:
        while True:
            await asyncio.sleep(1)
            shown.update(status_line(sender.sent))
