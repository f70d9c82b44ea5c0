"""fanfare outside."""

from __future__ import annotations

import click

from app.cli import settings_of_command
from app.embedded import services
from app.processes.role import serve
from app.settings import Settings

DEFAULT_PORT = 8002


@click.command()
@click.option("--host", help="Where to listen [FANFARE_OUTSIDE_HOST, else FANFARE_HOST].")
@click.option("--port", type=int, help="The port [FANFARE_OUTSIDE_PORT, 8002].")
def command(host: str | None, port: int | None) -> None:
    """Serve only what must be reached from outside: webhooks, tracked links, the way back from consent.

    `fanfare serve` starts it by itself where FANFARE_OUTSIDE_PORT is set; this is for a machine of its own.
    """

    def told() -> Settings:
        return settings_of_command(outside_host=host, outside_port=port)

    settings = told()
    settings.require_secret_key()
    with services(settings, tell=click.echo) as settings:
        serve(
            "app.asgi:create_outside",
            settings,
            port=settings.outside_port or DEFAULT_PORT,
            host=settings.outside_host or settings.host,
            again=told,
        )
