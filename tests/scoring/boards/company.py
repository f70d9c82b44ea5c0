"""A small company with totals, written the way the scoring writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import asyncpg

from scoring.boards import BoardKey
from scoring.periods import Period, starts_on

ZONE = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MONTH = starts_on(Period.MONTH, datetime.now(UTC), ZONE)


def board(audience: str = "all", period: Period = Period.MONTH, day: date = MONTH) -> BoardKey:
    """A board of points; this month's, unless said otherwise."""
    return BoardKey("points", period, day, audience)


class Company:
    """People and what they have, through one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def department(self, name: str) -> int:
        return await self._named("department", name)

    async def office(self, name: str) -> int:
        return await self._named("office", name)

    async def person(
        self,
        name: str,
        department_id: int | None = None,
        office_id: int | None = None,
        visibility: str = "name",
        state: str | None = "active",
        alias: str | None = None,
    ) -> int:
        person_id = await self.connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", LONG_AGO
        )
        await self.connection.execute(
            "insert into profile values ($1, $2, $3, $7, $4, $5, $6, false, false, false)",
            person_id,
            f"{name}-{person_id}@northwind.example",
            name,
            department_id,
            office_id,
            "alias" if alias else visibility,
            alias,
        )
        if state is not None:
            await self.enrol(person_id, state, LONG_AGO)
        return int(person_id)

    async def enrol(self, person_id: int, state: str, at: datetime) -> None:
        await self.connection.execute(
            "insert into enrolment (person_id, effective_at, state, recorded_at)"
            " values ($1, $2, $3, $4)",
            person_id,
            at,
            state,
            LONG_AGO,
        )

    async def score(
        self,
        person_id: int,
        value: int,
        period: Period = Period.MONTH,
        day: date = MONTH,
        metric: str = "points",
    ) -> int:
        """Set a total and put it into the outbox, in one transaction; returns its version."""
        async with self.connection.transaction():
            version = await self.connection.fetchval(
                "insert into total values ($1, $2, $3, $4, $5, 1)"
                " on conflict (metric, period, starts_on, person_id)"
                " do update set value = excluded.value, version = total.version + 1"
                " returning version",
                metric,
                str(period),
                day,
                person_id,
                value,
            )
            await self.connection.execute(
                "insert into outbox (metric, period, starts_on, person_id, value, version)"
                " values ($1, $2, $3, $4, $5, $6)",
                metric,
                str(period),
                day,
                person_id,
                value,
                version,
            )
        return int(version)

    async def _named(self, table: str, name: str) -> int:
        found = await self.connection.fetchval(
            f"insert into {table} (name) values ($1) returning id", name
        )
        return int(found)
