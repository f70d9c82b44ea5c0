"""Ana, Ben and Cem of the scoring's scene with names and points, and two of HR: Hedda and Hugo."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.pages.company import Company
from tests.app.pages.conftest import As, application, company, signed_in, visitor
from tests.scoring.cases.scene import play
from tests.scoring.scene import ANA, BEN, CEM, LONG_AGO

__all__ = ["As", "application", "company", "signed_in", "visitor"]

HR = 4  # whom `play` adds
HR2 = 5


@pytest.fixture
async def played(connection: Any, company: Company) -> Any:
    """The scene, counted; the connection to it."""
    assert await play(connection) == HR
    for person, name in (
        (ANA, "Ana Lopez"),
        (BEN, "Ben Okafor"),
        (CEM, "Cem Öz"),
        (HR, "Hedda Ruiz"),
    ):
        await connection.execute(
            """insert into profile (person_id, email, name, visibility, opens_networks, opens_mix,
                                    opens_gain)
               values ($1, $2, $3, 'name', false, false, false)""",
            person, f"p{person}@example.org", name,
        )  # fmt: skip
    await role(connection, HR)
    assert await company.person("Hugo Ahn", role="hr") == HR2
    return connection


async def role(connection: Any, person: int) -> None:
    """Somebody belongs to HR."""
    await connection.execute(
        """insert into role_grant (person_id, role, granted, granted_by, recorded_at)
           values ($1, 'hr', true, null, $2)""",
        person,
        LONG_AGO,
    )
