"""Looking at boards: one answer from Redis and PostgreSQL, and what a person sees of it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from scoring.boards import BoardKey, Boards, Row, Source, build_eve, ensure, publish
from scoring.boards.fallback import ranks_slowly, read_slowly
from scoring.boards.teams import rank_teams
from scoring.boards.view import ranked
from scoring.periods import ALL_STARTS_ON, Period, bounds, starts_on
from scoring.zones import follow_zones
from tests.scoring.boards.company import MONTH, ZONE, Company, board


async def fill(company: Company, values: list[int]) -> list[int]:
    """People with these values on this month's board; their ids."""
    people = []
    for value in values:
        person_id = await company.person("P")
        await company.score(person_id, value)
        people.append(person_id)
    return people


async def test_ranks_are_shared(company: Company, boards: Boards) -> None:
    await fill(company, [5, 9, 7, 7, 0])
    view = await boards.view(board())
    assert [(row.rank, row.value) for row in view.top] == [(1, 9), (2, 7), (2, 7), (4, 5)]
    assert view.size == 4


async def test_a_later_page_goes_on_with_the_same_ranks(company: Company, boards: Boards) -> None:
    await fill(company, [9, 7, 7, 7, 5, 5, 1])
    whole = await boards.view(board())
    for offset in range(8):
        part = await boards.view(board(), offset=offset, limit=2)
        assert part.top == whole.top[offset : offset + 2]


async def test_redis_and_postgresql_give_the_same_board_in_the_same_order(
    company: Company, boards: Boards, connection: asyncpg.Connection
) -> None:
    people = await fill(company, [random.randrange(0, 6) for _ in range(40)])
    await connection.execute(
        "update profile set visibility = 'hidden' where person_id = any ($1)", people[:5]
    )
    for offset in (0, 7):
        for person_id in (people[0], people[10], people[-1], 10**9):
            fast = await boards.view(
                board(), offset=offset, limit=20, person_id=person_id, neighbours=0
            )
            slow = await read_slowly(
                connection, board(), offset=offset, limit=20, person_id=person_id
            )
            assert fast.source is Source.REDIS
            assert tuple(replace(row, eve_rank=None) for row in fast.top) == slow.top
            assert fast.size == slow.size
            assert fast.own is not None
            assert slow.own is not None
            assert (fast.own.value, fast.own.rank, fast.own.public) == (
                slow.own.value,
                slow.own.rank,
                slow.own.public,
            )
    assert await boards.ranks(board(), people) == await ranks_slowly(connection, board(), people)


async def test_one_sees_ones_own_line_the_gap_and_those_around(
    company: Company, boards: Boards
) -> None:
    people = await fill(company, [90, 80, 70, 70, 60, 50, 40, 30, 20, 10])
    view = await boards.view(board(), person_id=people[4], limit=1)
    assert view.own is not None
    assert (view.own.rank, view.own.value, view.own.public) == (5, 60, True)
    assert (view.own.next_value, view.own.next_rank, view.own.gap) == (70, 3, 10)
    assert [row.value for row in view.around] == [70, 70, 60, 50, 40]
    assert [row.rank for row in view.around] == [3, 3, 5, 6, 7]


async def test_the_first_has_nobody_to_catch_up_with(company: Company, boards: Boards) -> None:
    people = await fill(company, [90, 80])
    view = await boards.view(board(), person_id=people[0])
    assert view.own is not None
    assert (view.own.rank, view.own.gap, view.own.next_rank) == (1, None, None)


async def test_below_the_median_nobody_beneath_is_shown(company: Company, boards: Boards) -> None:
    people = await fill(company, [90, 80, 70, 60, 50, 40, 30, 20, 10])
    middle = await boards.view(board(), person_id=people[4])
    assert [row.value for row in middle.around] == [70, 60, 50, 40, 30]
    lower = await boards.view(board(), person_id=people[5])
    assert [row.value for row in lower.around] == [60, 50, 40]


async def test_a_hidden_person_has_a_private_rank_that_moves_nobody(
    company: Company, boards: Boards, connection: asyncpg.Connection
) -> None:
    people = await fill(company, [90, 80, 70, 60])
    await connection.execute(
        "update profile set visibility = 'hidden' where person_id = $1", people[1]
    )
    view = await boards.view(board(), person_id=people[1])
    assert [row.rank for row in view.top] == [1, 2, 3]
    assert view.own is not None
    assert (view.own.rank, view.own.value, view.own.public, view.own.gap) == (2, 80, False, 10)
    assert [row.value for row in view.around] == [90, 70, 60][:3]


async def test_who_has_nothing_yet_is_unranked_and_told_the_first_step(
    company: Company, boards: Boards
) -> None:
    await fill(company, [90, 5])
    newcomer = await company.person("New")
    view = await boards.view(board(), person_id=newcomer)
    assert view.own is not None
    assert (view.own.rank, view.own.value, view.own.next_value) == (None, 0, 5)
    assert view.around == ()


async def test_an_empty_board_is_a_board(boards: Boards) -> None:
    view = await boards.view(board())
    assert (view.source, view.size, view.top) == (Source.REDIS, 0, ())
    assert view.version > 0


async def test_without_redis_the_top_comes_from_postgresql_and_says_so(
    company: Company, pool: asyncpg.Pool
) -> None:
    people = await fill(company, [9, 7, 7])
    away = Boards(pool, Redis(host="127.0.0.1", port=1), ZONE)
    view = await away.view(board(), person_id=people[1])
    assert (view.source, view.version) == (Source.POSTGRESQL, 0)
    assert [row.rank for row in view.top] == [1, 2, 2]
    assert view.own is not None
    assert view.own.rank == 2
    assert await away.versions([board()]) == {board(): 0}
    await away.close()


async def test_movement_is_against_what_had_happened_before_midnight(
    company: Company, boards: Boards
) -> None:
    now = datetime.now(UTC)
    today = starts_on(Period.DAY, now, ZONE)
    ever = BoardKey("points", Period.ALL, starts_on(Period.ALL, now, ZONE))
    ana, bo, cy = [await company.person(name) for name in ("Ana", "Bo", "Cy")]
    # Before today: Ana 50, Bo 40, Cy nothing. Today Bo got 20 and Cy 5.
    for person_id, total, day in ((ana, 50, 0), (bo, 60, 20), (cy, 5, 5)):
        await company.score(person_id, total, Period.ALL, ever.starts_on)
        if day:
            await company.score(person_id, day, Period.DAY, today)
    view = await boards.view(ever, person_id=bo)
    assert view.has_eve
    assert [(row.person_id, row.movement) for row in view.top] == [(bo, 1), (ana, -1), (cy, None)]
    assert view.own is not None
    assert view.own.movement == 1


async def test_an_eve_that_a_flush_took_a_part_of_is_none(
    company: Company, redis: Redis, database_url: str
) -> None:
    now = datetime.now(UTC)
    ever = BoardKey("points", Period.ALL, starts_on(Period.ALL, now, ZONE))
    await company.score(await company.person("Ana"), 50, Period.ALL, ever.starts_on)
    connection = company.connection
    other = await asyncpg.connect(database_url)
    try:
        async with other.transaction():
            await other.execute("lock table total in access exclusive mode")
            building = asyncio.create_task(build_eve(connection, redis, ever, now, ZONE))
            waits = "select exists (select from pg_locks where not granted and pid = $1)"
            while not await other.fetchval(waits, connection.get_server_pid()):
                await asyncio.sleep(0.01)
            await redis.flushdb()
        assert not await building
        assert await redis.keys("*") == []
        assert await build_eve(connection, redis, ever, now, ZONE)
    finally:
        await other.close()


async def test_a_board_that_began_today_or_is_over_has_no_movement(
    company: Company, boards: Boards
) -> None:
    now = datetime.now(UTC)
    today = starts_on(Period.DAY, now, ZONE)
    ana = await company.person("Ana")
    for key in (
        BoardKey("points", Period.DAY, today),
        BoardKey("points", Period.DAY, today - timedelta(days=1)),
    ):
        await company.score(ana, 5, key.period, key.starts_on)
        view = await boards.view(key)
        assert (view.has_eve, view.top[0].movement) == (False, None)


async def test_an_old_board_comes_back_on_demand_and_goes_again(
    company: Company, boards: Boards, redis: Redis
) -> None:
    old = BoardKey("points", Period.MONTH, MONTH.replace(year=MONTH.year - 2))
    ana = await company.person("Ana")
    await company.score(ana, 5, Period.MONTH, old.starts_on)
    assert (await boards.view(old)).source is Source.REDIS
    left_s = await redis.ttl(old.part("ranking"))
    assert 0 < left_s <= 24 * 3600


async def test_looking_takes_one_call(company: Company, boards: Boards, redis: Redis) -> None:
    people = await fill(company, [9, 7])
    await ensure(company.connection, redis, board(), ZONE)
    await boards.view(board(), person_id=people[0])
    before = (await redis.info("commandstats"))["cmdstat_eval"]["calls"]
    await boards.view(board(), person_id=people[0])
    assert (await redis.info("commandstats"))["cmdstat_eval"]["calls"] == before + 1


async def test_teams_stand_by_the_mean_of_their_active_members(
    company: Company, boards: Boards, connection: asyncpg.Connection
) -> None:
    big, small, tiny = [await company.department(name) for name in ("Big", "Small", "Tiny")]
    for department, values in ((big, [10, 20, 0, 10]), (small, [10, 10, 10]), (tiny, [99, 99])):
        for value in values:
            await company.score(await company.person("P", department), value)
    gone = await company.person("Gone", small, state="left")
    await company.score(gone, 1000)
    # Without these the others of Small could subtract themselves from its mean.
    hidden = await company.person("Hidden", small, visibility="hidden")
    await company.score(hidden, 1000)
    alias = await company.person("Alias", small, alias="Fox")
    await company.score(alias, 1000)
    teams = await boards.teams("points", Period.MONTH, MONTH)
    assert [(t.rank, t.name, t.members, t.mean) for t in teams] == [
        (1, "Big", 4, 10.0),
        (1, "Small", 3, 10.0),
    ]


@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.just("T"), st.integers(1, 9), st.integers(-3, 60)),
        max_size=12,
        unique_by=lambda team: team[0],
    )
)
def test_a_teams_rank_is_one_more_than_the_teams_with_a_better_mean(
    teams: list[tuple[int, str, int, int]],
) -> None:
    for team in rank_teams(teams):
        better = sum(value * team.members > team.value * size for _, _, size, value in teams)
        assert team.rank == better + 1


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.data())
def test_a_rank_is_one_more_than_the_people_with_more(
    values: list[int], data: st.DataObject
) -> None:
    best_first = sorted(values, reverse=True)
    position = data.draw(st.integers(0, len(values) - 1))
    first_rank = 1 + sum(value > best_first[position] for value in values)
    rows = ranked(position, first_rank, ((n, v, None) for n, v in enumerate(best_first[position:])))
    for row in rows:
        assert row.rank == 1 + sum(value > row.value for value in values)


def test_movement_counts_places_gained_as_positive() -> None:
    assert Row(2, 1, 5, eve_rank=5).movement == 3
    assert Row(5, 1, 5, eve_rank=2).movement == -3
    assert Row(5, 1, 5).movement is None


@pytest.mark.parametrize("period", [p for p in Period if p is not Period.ALL])
def test_a_board_runs_for_its_period_and_a_day_after(period: Period) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    key = BoardKey("points", period, starts_on(period, now, ZONE))
    start_at, end_at = bounds(key.period, key.starts_on, ZONE)
    assert key.is_running(now, ZONE)
    assert key.is_running(end_at + timedelta(hours=23), ZONE)
    assert not key.is_running(end_at + timedelta(hours=25), ZONE)
    assert not key.is_running(start_at - timedelta(seconds=1), ZONE)


async def test_publishing_after_a_look_changes_what_is_seen(
    company: Company, boards: Boards, redis: Redis
) -> None:
    (ana,) = await fill(company, [5])
    first = await boards.view(board())
    await company.score(ana, 6)
    await publish(company.connection, redis, ZONE)
    second = await boards.view(board())
    assert second.top[0].value == 6
    assert second.version > first.version


async def test_boards_opened_before_the_company_changed_its_clock_go_by_the_new_one(
    company: Company, boards: Boards, redis: Redis
) -> None:
    ever = BoardKey("points", Period.ALL, ALL_STARTS_ON)
    await company.score(await company.person("Ana"), 5, Period.ALL, ALL_STARTS_ON)
    at = datetime.now(UTC).replace(hour=2, minute=0)  # in New York it is the evening before
    eves = [ever.part(f"eve-{at.date() - timedelta(days=back)}") for back in (0, 1)]
    try:
        follow_zones([("America/New_York", datetime(2020, 1, 1, tzinfo=UTC))])
        await boards.view(ever, now=at)
        assert [await redis.exists(eve) for eve in eves] == [0, 1]
    finally:
        follow_zones(())
    await boards.view(ever, now=at)
    assert await redis.exists(eves[0]) == 1  # by the setting's clock
