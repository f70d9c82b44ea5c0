"""A decided contest with accepted awards, as the life of a contest leaves them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from rewards.amounts import Kind
from rewards.awards.award import Terms
from rewards.awards.record import note
from rewards.budgets import open_budget, reserve

NOW = datetime(2026, 12, 28, 10, tzinfo=UTC)
EUR, DAYS = "EUR", None


@dataclass
class Scene:
    """HR, a contest and its reservations; `win` gives an accepted award."""

    connection: Any
    hr: int = 0
    contest_id: int = 0
    budgets: dict[str | None, int] = field(default_factory=dict)
    reservations: dict[str | None, int] = field(default_factory=dict)
    prizes: int = 0

    async def person(
        self, name: str, *, department: str = "Research", number: str = "", role: str = ""
    ) -> int:
        """Somebody whom the company lists."""
        ask = self.connection.fetchval
        person: int = await ask("insert into person (recorded_at) values ($1) returning id", NOW)
        department_id = await ask(
            """insert into department (name) values ($1)
               on conflict (name) do update set name = $1 returning id""",
            department,
        )
        await self.connection.execute(
            """insert into profile (person_id, email, name, department_id, visibility,
                 opens_networks, opens_mix, opens_gain)
               values ($1, $2, $3, $4, 'name', false, false, false)""",
            person,
            f"{name.lower().replace(' ', '.')}{person}@northwind.example",
            name,
            department_id,
        )
        if number:
            await self.connection.execute(
                "insert into payroll_number values ($1, $2, null, $3)", person, number, NOW
            )
        if role:
            await self.connection.execute(
                """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
                   values ($1, $2, true, null, $3)""",
                person,
                role,
                NOW,
            )
        return person

    async def win(
        self,
        person: int,
        units: int,
        currency: str | None = EUR,
        *,
        contest: str = "Conversation starters",
        gross_up: bool = False,
        steps: tuple[str, ...] = ("told", "approved", "accepted"),
    ) -> int:
        """An award that was proposed and has gone these steps."""
        self.prizes += 1
        award: int = await self.connection.fetchval(
            """insert into award (contest_id, prize, person_id, kind, currency, units,
                 reservation_id, proposer_id, recorded_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id""",
            self.contest_id,
            self.prizes,
            person,
            "days" if currency is None else "cash",
            currency,
            units,
            self.reservations[currency],
            self.hr,
            NOW,
        )
        terms = Terms(
            contest=contest, slug="starters", approvals=1, accept_days=14, pass_on=False,
            tell_privately=True, days_expire_months=12, zone="Europe/Berlin", gross_up=gross_up,
        )  # fmt: skip
        detail: dict[str, Any] = {"terms": terms, "why": "first"}
        await note(self.connection, award, "proposed", by=self.hr, now=NOW, detail=detail)
        for step in steps:
            detail = {"last": True} if step == "approved" else {}
            await note(self.connection, award, step, by=person, now=NOW, detail=detail)
        return award


async def raise_scene(connection: Any) -> Scene:
    """€10,000 and 40 half days, all of it set aside for one contest that was decided."""
    scene = Scene(connection)
    scene.hr = await scene.person("Hanna Rot", role="hr", department="People")
    scene.contest_id = await connection.fetchval(
        "insert into contest (slug, author_id, recorded_at) values ('starters', $1, $2) returning id",
        scene.hr,
        NOW,
    )
    for currency, units in ((EUR, 1_000_000), (DAYS, 40)):
        budget = await open_budget(
            connection, name="Q4", kind=Kind.CASH if currency else Kind.DAYS, currency=currency,
            starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31), units=2 * units,
            spenders=[scene.hr], by=scene.hr, key=f"open {currency}", now=NOW,
        )  # fmt: skip
        scene.budgets[currency] = budget
        held = await reserve(
            connection, budget, scene.contest_id, units, by=scene.hr, key=f"set aside {currency}",
            on=date(2026, 12, 21), now=NOW,
        )  # fmt: skip
        scene.reservations[currency] = held.id
    return scene
