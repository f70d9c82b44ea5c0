"""The world of these pages, not begun yet."""

from __future__ import annotations

import pytest

from tests.app.pages.announcing.world import World
from tests.app.pages.company import Company


@pytest.fixture
async def world(company: Company) -> World:
    """A company with somebody of HR and a leader; `begin` decides a contest."""
    publisher = await company.person("Hanna of HR", role="hr")
    return World(company, publisher, await company.person("Lea Leader", role="leader"))
