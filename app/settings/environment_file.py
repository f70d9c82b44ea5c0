"""Reads fanfare.env: one NAME=value a line, # begins a comment line, quotes around a value go."""

from __future__ import annotations

import re
from pathlib import Path

_LINE = re.compile(r"(?:export\s+)?(?P<name>FANFARE_[A-Z0-9_]+)\s*=\s*(?P<value>.*)")


class EnvironmentFileFault(Exception):
    """A line of the file cannot be read; the text names file and line."""


def read_environment_file(file: Path) -> dict[str, str]:
    """The variables in `file`; none when there is no such file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as fault:
        raise EnvironmentFileFault(f"{file} cannot be read: {fault}.") from None
    values = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if found is None:
            # The line itself may hold a secret: it is named, not shown.
            raise EnvironmentFileFault(
                f"{file}, line {number}: expected FANFARE_NAME=value or a comment."
            )
        value = found["value"].strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[found["name"]] = value
    return values
