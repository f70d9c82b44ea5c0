"""How this process writes its log: JSON lines for machines, plain lines on a terminal.

Laws: a traceback never shows the values of variables, for they hold tokens, passwords and names; nor is
an address logged that was asked, for some networks take secrets in addresses only.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Set the log up, once a process; a later call changes nothing that matters."""
    for asking in ("httpx", "httpcore"):
        logging.getLogger(asking).setLevel(logging.WARNING)
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
