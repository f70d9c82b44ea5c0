"""The scene of payouts."""

from __future__ import annotations

import asyncpg
import pytest

from tests.rewards.payouts.scene import Scene, raise_scene


@pytest.fixture
async def scene(connection: asyncpg.Connection) -> Scene:
    """A decided contest; nobody has won anything yet."""
    return await raise_scene(connection)
