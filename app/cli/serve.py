"""fanfare serve."""

from __future__ import annotations

import click

from app.cli import settings_of_command
from app.embedded import services
from app.processes.role import serve
from app.processes.side_by_side import side_by_side
from app.settings import Settings


@click.command()
@click.option("--host", help="Where to listen [FANFARE_HOST, 127.0.0.1].")
@click.option("--port", type=int, help="The port [FANFARE_PORT, 8000].")
@click.option("--inside-only", is_flag=True, help="Without the second listener, whatever is set.")
@click.pass_context
def command(context: click.Context, host: str | None, port: int | None, inside_only: bool) -> None:
    """Serve the pages and receive what the networks send.

    Where FANFARE_OUTSIDE_PORT is set, a second listener answers there to what must be reached from
    outside, and to nothing else. SIGHUP has the settings read again, without turning anybody away.
    """

    def told() -> Settings:
        return settings_of_command(host=host, port=port)

    settings = told()
    settings.require_secret_key()
    with services(settings, tell=click.echo) as settings:
        if settings.outside_port is None or inside_only:
            serve("app.asgi:create_app", settings, port=settings.port, again=told)
            return
        inside = ["serve", "--inside-only", "--host", settings.host, "--port", str(settings.port)]
        context.exit(side_by_side(settings, [inside, ["outside"]]))
