"""One unit of work of a command on the settings' database, wherever that is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click

from app.database import opened, transaction
from app.embedded import services
from app.settings import Settings

T = TypeVar("T")


def with_database(settings: Settings, work: Callable[[Any], Awaitable[T]]) -> T:
    """Do something in one transaction; starts or joins the embedded services where needed."""

    async def run(url: str) -> T:
        # A command may be one long statement.
        async with opened(url, most=1, command_timeout_s=None), transaction() as connection:
            return await work(connection)

    with services(settings, tell=lambda words: click.echo(words, err=True)) as running:
        return asyncio.run(run(running.require_database_url()))
