"""fanfare live."""

from __future__ import annotations

import click

from app.cli import settings_of_command
from app.embedded import services
from app.processes.role import serve


@click.command()
@click.option("--host", help="Where to listen [FANFARE_HOST, 127.0.0.1].")
@click.option("--port", type=int, help="The port [FANFARE_LIVE_PORT, 8001].")
def command(host: str | None, port: int | None) -> None:
    """Send live updates to browsers and screens."""
    settings = settings_of_command(host=host, live_port=port)
    settings.require_secret_key()
    with services(settings, tell=click.echo) as settings:
        serve("app.live.asgi:create_live", settings, port=settings.live_port)
