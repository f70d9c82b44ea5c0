"""A real Fanfare beside real servers: its own processes, a company that is heard, what it ends with."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.auth.credentials import set_password
from app.auth.passwords import hashed
from app.bench.company import add_people
from app.settings import Settings
from scoring import (
    Named,
    account_id,
    adopt_rulebook,
    default_rulebook_toml,
    ensure_partitions,
    link,
    verify,
)
from tests.peers.running import PATIENCE_S, Program, answers

_LEFT = (
    "select (select count(*) from pending_delivery) + (select count(*) from change)"
    " + (select count(*) from outbox)"
)
_HEARD = """
select e.kind, e.native_id, e.actor_id, e.target_id,
       exists (select from removal r where r.native_key = e.native_key)
         or coalesce(others.gone, false) undone
from engagement e
cross join lateral (select bool_and(r.native_key is not null) gone
                    from alias a left join removal r using (native_key)
                    where a.engagement_id = e.id) others
where e.platform = $1
"""


PASSWORD = "of somebody in a test"


def email_of(person: int) -> str:
    """By which somebody signs in."""
    return f"person-{person}@example.org"


class Fanfare:
    """One installation, set up by its settings as any other is."""

    def __init__(
        self, settings: Settings, connection: Any, redis: Any, folder: Path, **set_: str
    ) -> None:
        self.settings, self.connection, self._redis, self._folder = (
            settings,
            connection,
            redis,
            folder,
        )
        self._environment = {**os.environ, **settings.to_environment(), **set_}
        self.running: list[Program] = []

    def as_set(self) -> Settings:
        """The settings as its processes read them."""
        return Settings.from_environment(self._environment, data_dir=self._folder)

    def program(
        self, role: str, *, told: str = "", ready: Callable[[], bool] | None = None
    ) -> Program:
        """A process of the installation, started as an administrator does; ready when it says `told`."""
        log = self._folder / f"{role}-{len(self.running)}.log"

        def said() -> bool:
            return told in log.read_text()

        made = Program(
            [sys.executable, "-c", "from app.cli import main; main()", role],
            log=log,
            environment=self._environment,
            folder=self._folder,
            ready=ready or said,
        )
        self.running.append(made)
        return made

    def serve(self) -> None:
        """Start the web process, which answers at the settings' address."""
        address = f"http://127.0.0.1:{self.settings.port}/health/live"
        web = self.program("serve", ready=answers(address))
        web.start()

    def end(self) -> None:
        """Kill whatever still runs."""
        for program in self.running:
            program.kill()

    async def found(self, network: str, people: Mapping[str, str], company: str) -> None:
        """A company of those people, native ids by handle, whose every post counts, and its own account."""
        now = datetime.now(UTC)
        since = now - timedelta(days=1)
        await ensure_partitions(self.connection, now.date(), since=since.date())
        self._since = since
        await add_people(self.connection, len(people), since)
        await adopt_rulebook(
            self.connection,
            default_rulebook_toml(),
            name="default",
            valid_from=datetime(1970, 1, 1, tzinfo=UTC),
            recorded_at=since,
        )
        for number, (handle, native_id) in enumerate(people.items(), start=1):
            await link(self.connection, number, network, Named(native_id, handle), "every", since)
        await self.connection.execute(
            "insert into account (id, platform, native_id, recorded_at) values ($1, $2, $3, $4)",
            account_id(network, company), network, company, since,
        )  # fmt: skip
        await self.connection.execute(
            """insert into ownership (account_id, effective_at, company, recorded_at)
               values ($1, $2, true, $2)""",
            account_id(network, company),
            since,
        )

    async def hire(self) -> int:
        """One more person who takes part and can sign in, with no account anywhere."""
        person: int = await self.connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", self._since
        )
        await self.connection.execute(
            """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix,
                                    opens_gain) values ($1, $2, 'Ada', 'name', false, false, false)""",
            person,
            email_of(person),
        )
        await self.connection.execute(
            """insert into enrolment (person_id, effective_at, state, recorded_at)
               values ($1, $2, 'active', $2)""",
            person,
            self._since,
        )
        await set_password(self.connection, person, await hashed(PASSWORD), datetime.now(UTC))
        return person

    async def heard(self, network: str) -> set[tuple[Any, ...]]:
        """What it knows of a network: kind, name, who, to whom, whether it was undone."""
        return {tuple(row) for row in await self.connection.fetch(_HEARD, network)}

    async def ends_with(self, network: str, expected: set[tuple[Any, ...]]) -> None:
        """Wait until nothing is left to do and it knows exactly that; then its ledgers must be right."""
        deadline = time.monotonic() + PATIENCE_S
        while await self.heard(network) != expected or await self.connection.fetchval(_LEFT):
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.1)
        # A moment more: what comes too much comes late.
        await asyncio.sleep(1.5)
        heard = await self.heard(network)
        assert heard == expected, f"missing: {expected - heard}\ntoo much: {heard - expected}\n" + (
            "\n".join(program.told()[-1500:] for program in self.running)
        )
        told = await verify(self.connection, zone=self.settings.timezone, redis=self._redis)
        assert [str(difference) for difference in told.differences] == []

    async def handle(self, network: str, native_id: str) -> str:
        """How pages call an account."""
        handle: str = await self.connection.fetchval(
            "select handle from account_face where account_id = $1", account_id(network, native_id)
        )
        return handle

    async def points(self) -> int:
        """All points it gave, of everybody together."""
        total: int = await self.connection.fetchval("select coalesce(sum(points), 0) from entry")
        return total
