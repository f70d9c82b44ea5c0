"""One's own rank in periods that are over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import asyncpg
from redis.asyncio import Redis

from scoring.boards import keep_past, past_ranks, publish
from scoring.boards.past import KEPT, over
from scoring.periods import Period, preceding
from tests.scoring.boards.company import MONTH, ZONE, Company

BEFORE = preceding(Period.MONTH, MONTH)


async def ranks(connection: Any, people: list[int]) -> list[int | None]:
    return [
        (await past_ranks(connection, one, "points", Period.MONTH, [BEFORE]))[0].rank
        for one in people
    ]


async def test_what_is_kept_gives_the_rank_that_counting_gives_and_follows_what_changes(
    connection: asyncpg.Connection, redis: Redis
) -> None:
    company = Company(connection)
    people = [await company.person(f"P{n}") for n in range(6)]
    hidden = await company.person("Hid", visibility="hidden")
    paused = await company.person("Pia", state="paused")
    for person, value in zip(
        [*people, hidden, paused], [90, 70, 70, 30, 0, 5, 80, 75], strict=True
    ):
        await company.score(person, value, day=BEFORE)
    everybody = [*people, hidden, paused]
    counted = await ranks(connection, everybody)
    assert counted == [1, 2, 2, 4, None, 5, 2, 2]
    now = datetime.combine(MONTH, time(9), ZONE)  # hours before a day, a week or more is over
    while await keep_past(connection, now, ZONE):
        pass
    assert await ranks(connection, everybody) == counted
    kept = "select count(*) from past_value where period = 'month' and starts_on = $1"
    assert await connection.fetchval(kept, BEFORE) == 4  # 90, 70, 30, 5: nobody is named
    # A late point is in it within the hour, and so is who hides no longer.
    await company.score(people[3], 95, day=BEFORE)
    await publish(connection, redis, ZONE)
    assert await keep_past(connection, now, ZONE) == 0
    later = now + timedelta(hours=2)
    assert await keep_past(connection, later, ZONE) == 1
    assert await ranks(connection, everybody) == [2, 3, 3, 1, None, 5, 3, 3]
    assert await keep_past(connection, later + timedelta(hours=2), ZONE) == 0


async def test_the_last_periods_of_each_kind_are_kept_the_newest_first() -> None:
    found = over(datetime(2026, 11, 22, 12, tzinfo=UTC), ZONE)
    days = [one for one in found if one.period is Period.DAY and one.metric == "points"]
    assert len(days) == KEPT
    assert str(days[0].starts_on) == "2026-11-21"
    assert all(one.is_known for one in found)
