"""Where measurements happen: databases of their own, on servers that run as durably as in production.

Law: no data of an installation is touched. Every measurement gets a fresh database, which is dropped
afterwards, and a Redis database that was empty before.
"""

from __future__ import annotations

import base64
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from redis.asyncio import Redis

from app.bench.scale import Scale
from app.database import migrate
from app.embedded import services
from app.settings import Settings
from app.terminal.progress import Tell


class NoRoom(Exception):
    """There is no place to measure; the text says why and what to do."""


@dataclass
class Room:
    """One run of the bench. `settings` name the servers; their database itself is left alone."""

    settings: Settings
    scale: Scale
    tell: Tell
    directory: Path  # for logs of the processes started
    _template: str = ""

    @asynccontextmanager
    async def installation(self) -> AsyncIterator[Settings]:
        """An empty installation with all tables and secrets, gone afterwards."""
        server = self.settings.require_database_url()
        name = f"fanfare_bench_{secrets.token_hex(4)}"
        admin = await asyncpg.connect(server)
        try:
            if not self._template:
                self._template = f"{name}_template"
                await admin.execute(f'create database "{self._template}" template template0')
                await migrate(_named(server, self._template))
            await admin.execute(f'create database "{name}" template "{self._template}"')
            try:
                yield replace(
                    self.settings,
                    database_url=_named(server, name),
                    secret_key=secrets.token_hex(32),
                    port=free_port(),
                    live_port=free_port(),
                    base_url="",
                    live_url="",
                ).with_secrets("standard", secret=_standard_secret())
            finally:
                await admin.execute(f'drop database if exists "{name}" with (force)')
                async with Redis.from_url(self.settings.require_redis_url()) as redis:
                    await redis.flushdb()
        finally:
            await admin.close()

    async def close(self) -> None:
        """Drop what the measurements shared."""
        if self._template:
            admin = await asyncpg.connect(self.settings.require_database_url())
            try:
                await admin.execute(f'drop database if exists "{self._template}" with (force)')
            finally:
                await admin.close()


@contextmanager
def servers(settings: Settings, *, here: bool) -> Iterator[tuple[Settings, Path]]:
    """Servers to measure on, and a directory: embedded ones of our own, or with `here` the named ones.

    The directory lies in the data directory, so that the disk is the one the data would be on.
    """
    if here and not (settings.database_url and settings.redis_url):
        raise NoRoom(
            "--here measures on servers of yours: set FANFARE_DATABASE_URL and FANFARE_REDIS_URL. "
            "Without it the bench starts embedded ones of its own."
        )
    made = not settings.data_dir.exists()
    settings.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-", dir=settings.data_dir)).resolve()
    directory.chmod(0o711)  # the account that PostgreSQL runs as passes through
    try:
        if here:
            yield replace(settings, data_dir=directory), directory
        else:
            own = replace(settings, database_url=None, redis_url=None, data_dir=directory)
            with services(own, alone=True) as found:
                yield found, directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        if made and not any(settings.data_dir.iterdir()):
            settings.data_dir.rmdir()


async def check(settings: Settings) -> None:
    """NoRoom unless Redis is empty and PostgreSQL keeps what it has confirmed."""
    async with Redis.from_url(settings.require_redis_url()) as redis:
        if await redis.dbsize():
            raise NoRoom(
                "The Redis database is not empty, and the bench empties it after every measurement. "
                "Name an empty one in FANFARE_REDIS_URL, for example with /9 at its end."
            )
    connection = await asyncpg.connect(settings.require_database_url())
    try:
        for name in ("fsync", "synchronous_commit"):
            if await connection.fetchval(f"show {name}") == "off":
                raise NoRoom(f"PostgreSQL runs with {name} off: its figures would mean nothing.")
        if not await connection.fetchval(
            "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
        ):
            raise NoRoom(
                "The bench makes databases of its own and drops them; the user named in "
                "FANFARE_DATABASE_URL may not (alter role … createdb)."
            )
    finally:
        await connection.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _named(server: str, database: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


def _standard_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
