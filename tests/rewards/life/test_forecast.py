"""What would have come of a contest had it run just before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rewards.contests.forecast import forecast, forget_forecasts
from tests.rewards.life.world import (
    NOW,
    SMALL_AND_LARGE,
    answers,
    charter,
    first,
    followers,
    found,
    tell,
)

LENGTH = timedelta(days=10)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_forecasts()


async def test_it_is_counted_from_the_equally_long_time_before(connection: Any) -> None:
    await found(connection, people=6)
    begun = NOW - LENGTH
    await tell(connection, followers("a6", 9_000, begun - timedelta(days=1)))
    for number, count in ((1, 10), (2, 8), (3, 7), (4, 1), (6, 3)):
        await tell(connection, *answers(f"a{number}", count, begun))
    await tell(connection, *answers("a5", 50, begun - timedelta(hours=2)))
    made = await forecast(connection, charter(brackets=SMALL_AND_LARGE, prizes=(first(),)), NOW)
    assert (made.from_at, made.to_at, made.could_enter) == (begun, NOW, 6)
    small, large = made.brackets
    # a1 would have won; a2 came within a fifth of ten, a3 with seven did not.
    assert (small.could_enter, small.had_anything, small.real_chance) == (5, 4, 2)
    assert (large.could_enter, large.had_anything, large.real_chance) == (1, 1, 1)
    assert (made.winners, made.unwon) == (2, 0)


async def test_it_says_how_much_the_three_who_win_most_would_have_taken(connection: Any) -> None:
    await found(connection, people=5)
    for number in range(1, 6):
        await tell(connection, *answers(f"a{number}", number, NOW - LENGTH))
    made = await forecast(connection, charter(prizes=(first(last=6),)), NOW)
    assert made.share_of_top == pytest.approx(3 / 5)
    assert made.unwon == 1


async def test_while_only_prizes_and_brackets_change_nothing_is_counted_again(
    connection: Any,
) -> None:
    await found(connection)
    before = await forecast(connection, charter(), NOW)
    await tell(connection, *answers("a1", 3, NOW - LENGTH))
    again = await forecast(connection, charter(prizes=(first(last=2),)), NOW)
    assert before.brackets[0].had_anything == again.brackets[0].had_anything == 0
    forget_forecasts()
    assert (await forecast(connection, charter(), NOW)).brackets[0].had_anything == 1
