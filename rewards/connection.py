"""What rewards needs of a database connection: asyncpg's, whoever opened it."""

from __future__ import annotations

from typing import Any, TypeAlias

# Any: a connection, one lent by a pool, and in tests one that dies; all speak asyncpg's words.
Connection: TypeAlias = Any
