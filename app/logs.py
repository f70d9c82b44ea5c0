"""How this process writes its log: JSON lines for machines, plain lines on a terminal.

Law: a traceback never shows the values of variables, for they hold tokens, passwords and names.
"""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    """Set the log up, once a process; a later call changes nothing that matters."""
    # Plain lines where somebody looks on, without the rich tracebacks that show every variable.
    last: list[structlog.types.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if sys.stdout.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ]
    )
