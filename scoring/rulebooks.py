"""The versions of the rulebook in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from scoring.books import Books
from scoring.connection import Connection
from scoring.rules import Rulebook, default_rulebook_toml, read_rulebook

# Counting shares it, adopting takes it alone: nothing counted under the old versions may be committed
# after what the new one makes count anew.
_VERSIONS_LOCK = 0x72_75_6C_65_73  # "rules"


@lru_cache(maxsize=64)
def _read(id: int, name: str, toml: str, valid_from: datetime, recorded_at: datetime) -> Rulebook:
    return read_rulebook(toml, id=id, name=name, valid_from=valid_from, recorded_at=recorded_at)


async def load_books(connection: Connection, zone: ZoneInfo) -> Books:
    """Every version of the rulebook; each text is read once a process."""
    rows = await connection.fetch(
        "select id, name, toml, valid_from, recorded_at from rulebook order by recorded_at, id"
    )
    return Books((_read(*row) for row in rows), zone)


async def keep_versions(connection: Connection) -> None:
    """Let no version be adopted until the caller's transaction ends; called before `load_books`."""
    await connection.execute("select pg_advisory_xact_lock_shared($1)", _VERSIONS_LOCK)


async def adopt_rulebook(
    connection: Connection,
    toml: str,
    *,
    name: str,
    valid_from: datetime,
    recorded_at: datetime,
    person_id: int | None = None,
) -> int:
    """Record a version of the rulebook that holds from `valid_from` on; returns its id.

    Raises `RulebookInvalid`. A version valid from the past has everything since counted anew.
    """
    read_rulebook(toml)
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _VERSIONS_LOCK)
        id = await connection.fetchval(
            """insert into rulebook (name, toml, sha256, valid_from, recorded_at, person_id)
               values ($1, $2, $3, $4, $5, $6) returning id""",
            name,
            toml,
            sha256(toml.encode()).hexdigest(),
            valid_from,
            recorded_at,
            person_id,
        )
        await connection.execute(
            """insert into change (subject, subject_id, since_at, whose)
               select 'account', account_id, $1::timestamptz, max(person_id) from ownership
               where person_id is not null and $1::timestamptz <= $2::timestamptz
               group by account_id""",
            valid_from,
            recorded_at,
        )
    return int(id)


async def begin_with_default(connection: Connection, now: datetime) -> bool:
    """Adopt the rulebook Fanfare comes with where there is none yet; returns whether it did.

    It holds from the beginning of time: what counts is bounded by who joined when, not by it.
    """
    if await connection.fetchval("select exists (select 1 from rulebook)"):
        return False
    await adopt_rulebook(
        connection,
        default_rulebook_toml(),
        name="Fanfare's own",
        valid_from=datetime(1970, 1, 1, tzinfo=UTC),
        recorded_at=now,
    )
    return True
