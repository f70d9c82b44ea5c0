"""One board in Redis: only what is newer counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from scoring.boards import Told, apply, read
from scoring.boards.rebuild import _finish
from tests.scoring.boards.company import ZONE, board

NOW = datetime.now(UTC)


async def empty_board(redis: Redis) -> None:
    """A board that is there and has nobody."""
    await redis.set(board().part("building"), "mine")
    assert await _finish(redis, board(), "mine", 0)


async def ranking(redis: Redis) -> list[tuple[int, int]]:
    view = await read(redis, board(), NOW, ZONE)
    assert view is not None
    return [(row.person_id, row.value) for row in view.top]


async def test_a_board_that_is_not_there_takes_nothing(redis: Redis) -> None:
    done = await apply(redis, board(), [Told(1, 5, 1, True)], 0)
    assert (done.ready, done.changed) == (False, 0)
    assert await redis.keys("*") == []


async def test_a_lower_or_equal_version_never_changes_a_board(redis: Redis) -> None:
    await empty_board(redis)
    first = await apply(redis, board(), [Told(1, 5, 7, True)], 0)
    for version in (7, 6, 1):
        again = await apply(redis, board(), [Told(1, 99, version, True)], 0)
        assert (again.changed, again.version) == (0, first.version)
    assert await ranking(redis) == [(1, 5)]


async def test_each_change_gives_the_board_a_higher_version(redis: Redis) -> None:
    await empty_board(redis)
    seen = [(await apply(redis, board(), [Told(1, n, n, True)], 0)).version for n in range(1, 9)]
    assert seen == sorted(set(seen))


@pytest.mark.parametrize("value", [0, -4])
async def test_nothing_or_less_is_unranked_and_its_version_is_kept(
    redis: Redis, value: int
) -> None:
    await empty_board(redis)
    await apply(redis, board(), [Told(1, 5, 1, True)], 0)
    await apply(redis, board(), [Told(1, value, 2, True)], 0)
    await apply(redis, board(), [Told(1, 5, 1, True)], 0)
    assert await ranking(redis) == []


async def test_values_are_exact_to_the_last_unit(redis: Redis) -> None:
    await empty_board(redis)
    most = 2**53 - 1
    rows = [Told(2**53 - 1, most, most, True), Told(10**15 + 1, most - 1, 1, True)]
    await apply(redis, board(), rows, 0)
    assert await ranking(redis) == [(2**53 - 1, most), (10**15 + 1, most - 1)]
    assert (await apply(redis, board(), rows, 0)).changed == 0


async def test_of_two_totals_in_one_call_the_newer_counts_in_either_order(redis: Redis) -> None:
    await empty_board(redis)
    await apply(redis, board(), [Told(1, 9, 2, True), Told(1, 5, 1, True)], 0)
    await apply(redis, board(), [Told(2, 5, 1, True), Told(2, 8, 2, True)], 0)
    assert await ranking(redis) == [(1, 9), (2, 8)]


async def test_ten_thousand_at_once_are_taken(redis: Redis) -> None:
    await empty_board(redis)
    rows = [Told(n, n, 1, True) for n in range(1, 10_001)]
    random.shuffle(rows)
    assert (await apply(redis, board(), rows, 0)).changed == 10_000
    assert (await ranking(redis))[:2] == [(10_000, 10_000), (9_999, 9_999)]


@pytest.mark.parametrize("part", ["ranking", "versions", "state"])
async def test_a_board_of_which_a_part_vanished_is_not_there(redis: Redis, part: str) -> None:
    await empty_board(redis)
    await apply(redis, board(), [Told(1, 5, 1, True)], 0)
    await redis.delete(board().part(part))
    assert await read(redis, board(), NOW, ZONE) is None
    assert not (await apply(redis, board(), [Told(1, 6, 2, True)], 0)).ready


async def test_all_parts_of_a_past_board_expire_together(redis: Redis) -> None:
    await empty_board(redis)
    await apply(redis, board(), [Told(1, 5, 1, True)], 4_000_000_000)
    for part in ("ranking", "versions", "state"):
        assert await redis.expiretime(board().part(part)) == 4_000_000_000
    # The ranking vanishes with its last person and must not come back for ever.
    await apply(redis, board(), [Told(1, 0, 2, True)], 4_000_000_000)
    await apply(redis, board(), [Told(1, 5, 3, True)], 4_000_000_000)
    assert await redis.expiretime(board().part("ranking")) == 4_000_000_000
