"""The Lua files beside this module, each one a Redis call on one board's keys.

They are sent whole every time (about 2 kB): Redis knows them by their hash and compiles once, and
none is missing after a restart or a failover in the middle of a batch.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script(name: str) -> str:
    """The text of a script."""
    return Path(__file__).with_name(f"{name}.lua").read_text(encoding="utf-8")
