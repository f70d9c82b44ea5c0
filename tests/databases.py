"""A database of its own for every test, copied from one that was migrated once.

The work is done on a thread with its own event loop and one connection, so that any test may ask:
one with a loop, one without, one inside a browser's loop.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from app.database import migrate

T = TypeVar("T")


class Databases:
    """Test databases on the server at `url`; their names begin with `prefix`.

    `worker` tells apart the processes of one run, which share the server and the template.
    """

    def __init__(self, url: str, *, prefix: str, worker: str) -> None:
        self._url = url
        self._prefix = prefix
        self._worker = worker
        self._numbers = itertools.count(1)
        self._own = f"{prefix}_{worker}"
        self._own_ready: Future[None] | None = None
        self._template = f"{prefix}_template"
        self._one_at_a_time = asyncio.Lock()
        self._dropping: list[Future[None]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._admin: asyncpg.Connection = self._run(asyncpg.connect(url)).result()

    def make_template(self) -> None:
        """Makes and migrates the template, unless another process of this run has."""
        # Migrating opens Piccolo's one engine; here no test is running yet.
        self._run(self._make_template()).result()

    def own(self) -> str:
        """The address of this process's one database for the test that runs, with no rows.

        It is the same for every test, so that what was made for it (an application) serves again.
        """
        if self._own_ready is None:
            self._own_ready = self._run(self._execute(self._copy(self._own)))
        self._own_ready.result()
        return address_of(self._url, self._own)

    def renew_own(self) -> None:
        """Drops that database, sessions and all, and makes it anew; only who asks next waits."""
        self._own_ready = self._run(self._execute(_drop(self._own), self._copy(self._own)))

    def fresh(self) -> str:
        """The address of a new database with all migrations and no rows."""
        name = f"{self._prefix}_{self._worker}_{next(self._numbers)}"
        self._run(self._execute(self._copy(name))).result()
        return address_of(self._url, name)

    def empty(self) -> str:
        """The address of a new database without anything, for tests of migrating itself."""
        name = f"{self._prefix}_{self._worker}_{next(self._numbers)}"
        self._run(self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0')).result()
        return address_of(self._url, name)

    def drop(self, url: str) -> None:
        """Drops a test's database, sessions and all; the next test does not wait for it."""
        name = urlsplit(url).path.lstrip("/")
        self._dropping.append(self._run(self._execute(_drop(name))))

    def close(self) -> None:
        """Waits for what is being dropped and ends the connection."""
        if self._own_ready is not None:
            self.drop(self.own())
        for future in self._dropping:
            future.result()
        self._run(self._admin.close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _copy(self, name: str) -> str:
        return f'CREATE DATABASE "{name}" TEMPLATE "{self._template}" STRATEGY file_copy'

    async def _execute(self, *statements: str) -> None:
        async with self._one_at_a_time:
            for statement in statements:
                await self._admin.execute(statement)

    async def _make_template(self) -> None:
        async with self._one_at_a_time:
            await self._admin.execute("SELECT pg_advisory_lock(hashtext($1))", self._template)
            try:
                await self._make_template_once()
            finally:
                await self._admin.execute("SELECT pg_advisory_unlock(hashtext($1))", self._template)

    async def _make_template_once(self) -> None:
        known = "SELECT 1 FROM pg_database WHERE datname = $1"
        if await self._admin.fetchval(known, self._template):
            return
        half = f"{self._template}_half"
        await self._admin.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
        await self._admin.execute(f'CREATE DATABASE "{half}" TEMPLATE template0')
        await migrate(address_of(self._url, half))
        await self._admin.execute(f'ALTER DATABASE "{half}" RENAME TO "{self._template}"')


def _drop(name: str) -> str:
    return f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'


def address_of(server: str, database: str) -> str:
    """The address of `database` on the server that the address `server` names."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


def easy_to_enter(url: str) -> None:
    """Lets sessions of the account in the address `url` begin at little cost: its password is hashed
    once and not 4,096 times, on either side of every connection."""
    named = urlsplit(url)

    async def hash_anew() -> None:
        admin = await asyncpg.connect(url)
        try:
            await admin.execute("SET scram_iterations = 1")
            await admin.execute(f"ALTER ROLE \"{named.username}\" PASSWORD '{named.password}'")
        finally:
            await admin.close()

    with ThreadPoolExecutor(1) as apart:  # a loop may run on this thread
        apart.submit(asyncio.run, hash_anew()).result()


def drop_all(url: str, prefix: str) -> None:
    """Drops whatever databases of a run remain on a server that outlives it."""

    async def drop() -> None:
        admin = await asyncpg.connect(url)
        try:
            names = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)"
            for row in await admin.fetch(names, prefix):
                await admin.execute(f'DROP DATABASE IF EXISTS "{row["datname"]}" WITH (FORCE)')
        finally:
            await admin.close()

    asyncio.run(drop())
