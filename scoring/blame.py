"""Whose fault trouble is: the facts' that are being worked on, or of the databases around them. Pure.

Law: what trying again can mend is never blamed on the facts, so nothing is set aside because a
database was away.
"""

from __future__ import annotations

import asyncpg

# PostgreSQL refuses what it is given: the same again would be refused again.
_REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
_AWAY = (
    OSError,
    TimeoutError,
    MemoryError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresError,  # after _REFUSED: shutting down, overloaded, two workers in a ring
)


def blames_the_facts(error: Exception) -> bool:
    """Whether the same facts would fail in the same way tomorrow."""
    return isinstance(error, _REFUSED) or not isinstance(error, _AWAY)
