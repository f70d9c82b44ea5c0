"""A small company for tests of pages: people with points written straight into the totals, as the
worker leaves them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from app.auth import links
from scoring import Period, board_metrics
from scoring.identity import account_id, native_key
from scoring.periods import current

ZONE = ZoneInfo("Europe/Berlin")


class Company:
    """Adds to one test's database. Everybody works in Research unless another team is named."""

    def __init__(self, connection: asyncpg.Connection[Any], now: datetime | None = None) -> None:
        self.connection = connection
        self.now = now or datetime.now(UTC)
        self.past = self.now - timedelta(days=400)
        self._people = 0

    async def person(
        self,
        name: str,
        points: int = 0,
        *,
        today: int = 0,
        shared: int = 0,
        alias: str | None = None,
        visibility: str | None = None,
        opens: tuple[str, ...] = (),
        department: str = "Research",
        office: str = "Lisbon",
        networks: tuple[str, ...] = (),
        state: str | None = "active",
        role: str | None = None,
    ) -> int:
        """Add somebody; `points` in every running period, of which `today` are today's."""
        self._people += 1
        person_id: int = await self._value(
            "insert into person (recorded_at) values ($1) returning id", self.past
        )
        await self.connection.execute(
            """insert into profile (person_id, email, name, alias, department_id, office_id,
                 visibility, opens_networks, opens_mix, opens_gain)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
            person_id,
            f"person{person_id}@example.org",
            name,
            alias,
            await self.team("department", department),
            await self.team("office", office),
            visibility or ("alias" if alias else "name"),
            "networks" in opens,
            "mix" in opens,
            "gain" in opens,
        )
        if state:
            await self.connection.execute(
                """insert into enrolment (person_id, effective_at, state, recorded_at)
                   values ($1, $2, $3, $2)""",
                person_id,
                self.past,
                state,
            )
        for network in networks:
            await self.account(person_id, network)
        if role:
            await self.connection.execute(
                """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
                   values ($1, $2, true, null, $3)""",
                person_id,
                role,
                self.past,
            )
        await self.total(person_id, "points", points, today)
        await self.total(person_id, "shared", shared, 0)
        return person_id

    async def team(self, kind: str, name: str) -> int:
        """A department or office by name."""
        await self.connection.execute(
            f"insert into {kind} (name) values ($1) on conflict do nothing", name
        )
        return await self._value(f"select id from {kind} where name = $1", name)

    async def account(self, person_id: int, network: str) -> str:
        """Link an account; returns its native id."""
        native = f"person{person_id}@social.example"
        await self.connection.execute(
            "insert into account (id, platform, native_id, recorded_at) values ($1, $2, $3, $4)",
            account_id(network, native),
            network,
            native,
            self.past,
        )
        await self.connection.execute(
            """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
               values ($1, $2, $3, false, 'every', $2)""",
            account_id(network, native),
            self.past,
            person_id,
        )
        return native

    async def post(self, person_id: int, network: str, text: str, *, handed_in: bool) -> None:
        """A post by an account that `account` linked, an hour old."""
        at = self.now - timedelta(hours=1)
        native = f"https://social.example/posts/{person_id}"
        key = native_key(network, native)
        await self.connection.execute(
            """insert into post (post_id, platform, native_id, author_id, published_at, recorded_at)
               values ($1, $2, $3, $4, $5, $5)""",
            key,
            network,
            native,
            account_id(network, f"person{person_id}@social.example"),
            at,
        )
        await self.connection.execute(
            "insert into post_text (post_id, text, url, recorded_at) values ($1, $2, $3, $4)",
            key,
            text,
            native,
            at,
        )
        if handed_in:
            await self.connection.execute(
                """insert into mark (post_id, name, value, person_id, effective_at, recorded_at)
                   values ($1, 'handed_in', null, $2, $3, $3)""",
                key,
                person_id,
                at,
            )

    async def total(self, person_id: int, metric: str, value: int, today: int) -> None:
        """Write a person's totals of every running period."""
        assert metric in board_metrics()
        for period, begins_on in current(self.now, ZONE).items():
            of_period = today if period is Period.DAY else value
            if of_period:
                await self.connection.execute(
                    """insert into total (metric, period, starts_on, person_id, value, version)
                       values ($1, $2, $3, $4, $5, 1)
                       on conflict (metric, period, starts_on, person_id)
                       do update set value = excluded.value, version = total.version + 1""",
                    metric,
                    period.value,
                    begins_on,
                    person_id,
                    of_period,
                )

    async def way_in(self, person_id: int) -> str:
        """An address that signs this person in, as the demo has them."""
        return f"/enter/{await links.make(self.connection, person_id, 'demo', self.now)}"

    async def _value(self, query: str, *arguments: Any) -> int:
        return int(await self.connection.fetchval(query, *arguments))
