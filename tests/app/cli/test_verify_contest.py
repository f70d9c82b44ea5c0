"""`fanfare verify-contest` says what it checked: more of a contest that is decided."""

from __future__ import annotations

from typing import Any

import pytest

from app.cli.verify_contest import check
from app.settings import Settings
from rewards import NoSuchContest, tick
from tests.rewards.life.world import charter, found, published


async def test_a_contest_is_checked_before_and_after_it_is_decided(
    connection: Any, database_url: str
) -> None:
    settings = Settings(database_url=database_url)
    await found(connection)
    made = charter(entering="default")
    contest = await published(connection, made)
    slug = await connection.fetchval("select slug from contest where id = $1", contest)
    assert await check(settings, slug) == ([], False)
    for now in (made.start_at, made.end_at, made.end_at.replace(day=made.end_at.day + 5)):
        await tick(connection, now)
    assert await check(settings, slug) == ([], True)
    with pytest.raises(NoSuchContest):
        await check(settings, "no-such-contest")
