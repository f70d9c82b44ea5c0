"""An administrator changes the company's time zone: shown first, from a midnight on, and taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.checkup import Health, findings
from app.settings import Settings
from scoring import record_zone
from scoring.zones import follow_zones
from tests.app.people.visitor import Visitor, error_beside, path

SignIn = Callable[..., Awaitable[Visitor]]
HERE = "/admin/time-zone"


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    follow_zones(())
    yield
    follow_zones(())


def in_days(count: int) -> str:
    return (datetime.now(UTC) + timedelta(days=count)).date().isoformat()


async def zones(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch("select zone from company_zone order by from_at")
    return [row["zone"] for row in rows]


async def test_a_change_is_shown_then_set_then_taken_back(
    signed_in: SignIn, connection: asyncpg.Connection
) -> None:
    root = await signed_in("Grace Hopper", "administrator")
    typed = {"zone": "America/New_York", "first_day": in_days(5)}
    answer = await root.send_form(HERE, HERE, **typed)
    assert "What would change" in answer.text
    assert "6 hours longer" in answer.text or "5 hours longer" in answer.text
    assert await zones(connection) == []
    shown = f"America/New_York {in_days(5)}"
    answer = await root.send_form(HERE, HERE, **typed, shown=shown)
    assert error_beside(answer, "sure") is not None
    answer = await root.send_form(HERE, HERE, **typed, shown=shown, sure="yes")
    assert path(answer) == HERE
    assert "to come" in answer.text
    assert await zones(connection) == ["Europe/Berlin", "America/New_York"]
    change = await connection.fetchval("select max(id) from company_zone")
    answer = await root.send_form(HERE, f"{HERE}/{change}/take-back")
    assert await zones(connection) == ["Europe/Berlin"]
    assert await connection.fetchval("select count(*) from audit where action like 'zone_%'") == 2


@pytest.mark.parametrize(
    ("zone", "day", "field", "words"),
    [
        ("Mars/Olympus", 5, "zone", "such as Europe/Berlin"),
        ("", 5, "zone", "such as Europe/Berlin"),
        ("../etc/passwd", 5, "zone", "such as Europe/Berlin"),
        ("Europe/Berlin", 5, "zone", "already"),
        ("America/New_York", "soon", "first_day", "Choose a day"),
        ("America/New_York", -3, "first_day", "too soon"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(
    signed_in: SignIn, zone: str, day: int | str, field: str, words: str
) -> None:
    first_day = day if isinstance(day, str) else in_days(day)
    root = await signed_in("Grace Hopper", "administrator")
    answer = await root.send_form(HERE, HERE, zone=zone, first_day=first_day)
    assert answer.status_code == 422
    assert words in (error_beside(answer, field) or "")
    assert f'value="{zone}"' in answer.text


async def test_the_page_is_for_administrators(signed_in: SignIn) -> None:
    hr = await signed_in("Grace Hopper", "hr")
    assert (await hr.get(HERE)).status_code == 403


async def test_the_doctor_notes_that_the_settings_say_otherwise(
    settings: Settings, connection: asyncpg.Connection
) -> None:
    async def said() -> list[str]:
        found = await findings(settings)
        return [one.words for one in found if one.health is Health.LOOK and "TIMEZONE" in one.words]

    await record_zone(connection, settings.timezone_at_first, datetime.now(UTC))
    assert await said() == []
    await connection.execute("update company_zone set zone = 'Asia/Kolkata'")
    assert "Asia/Kolkata holds" in (await said())[0]
