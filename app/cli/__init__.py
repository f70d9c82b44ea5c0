"""The command `fanfare`: every file beside this one is a command, named after the file.

Such a file has a `command`, made by `@click.command()`; the first line of its docstring is its
help. A file without one is an error, never silently left out.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from app.database import DatabaseUnreachable, MigrationFault
from app.embedded import ServiceFault
from app.settings import Settings, SettingsFault

# What people can do something about; the text is for them, a traceback is not.
_FAULTS = (SettingsFault, ServiceFault, DatabaseUnreachable, MigrationFault)


class Commands(click.Group):
    """Finds the commands by the names of their files."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
        command = getattr(module, "command", None)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__file__} has no `command` made by @click.command().")
        command.name = name
        return command

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except _FAULTS as fault:
            raise click.ClickException(str(fault)) from fault


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fanfare")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where embedded services and the demo keep their data [FANFARE_DATA_DIR, .fanfare].",
)
@click.pass_context
def main(context: click.Context, data_dir: Path | None) -> None:
    """Fanfare: points, leaderboards and rewards for employees who speak for their company."""
    context.obj = data_dir
    # Being told to end is an ordinary end: what was started is stopped.
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def settings_of_command(**changed: object) -> Settings:
    """The settings for the running command: its options (by field name), then the environment.

    An option that is None was not given. SettingsFault when a value is wrong.
    """
    given = {f"FANFARE_{name.upper()}": str(v) for name, v in changed.items() if v is not None}
    data_dir: Path | None = click.get_current_context().find_root().obj
    return Settings.from_environment({**os.environ, **given}, data_dir=data_dir)
