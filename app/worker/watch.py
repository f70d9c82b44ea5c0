"""Integrity in the worker: looking, a few people at a time, at what became known hours ago.

Law: however much there is to look at, boards come first: a round is short, and is followed by a rest.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import structlog

import scoring

_log = structlog.get_logger(__name__)

EVERY_S: Final = (
    5.0  # fifty people each time; a company of a million has as many due in a busy hour
)


async def watch(connection: Any) -> int:
    """Look at some of those who are due; returns 0, for it may then rest."""
    done = await scoring.watch(connection, datetime.now(UTC))
    if done.cases:
        _log.info("cases_about_findings", people=done.people, cases=len(done.cases))
    return 0
