"""Named seasons: they and what they leave of the quarters hold every day once, and all counting follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import piccolo_migrations as migrations
from scoring.periods import (
    NamedSeason,
    Period,
    bounds,
    first_day,
    follow,
    following,
    named_season,
    preceding,
)
from scoring.retotal import retotal
from scoring.rules import read_rulebook
from scoring.seasons import (
    SeasonRefused,
    end_season,
    remove_season,
    seasons,
    set_season,
)
from scoring.verify import verify
from tests.scoring.scene import ANA, ZONE, count, raise_curtain, reply, tell, totals, wrote

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PER_SEASON = """
[[rule]]
name = "new_voice"
when = { relation = "earned", kind = "reply" }
credit = "actor"
per = "season"
repeat = "window"
steps = [[1, 5]]
"""


@pytest.fixture(autouse=True)
def _no_season_is_left() -> Iterator[None]:
    yield
    follow(())


@given(
    begins=st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    lengths=st.lists(st.tuples(st.integers(0, 50), st.integers(1, 200)), max_size=5),
    day=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
)
def test_every_day_lies_in_one_season_and_the_end_of_one_is_the_start_of_the_next(
    begins: date, lengths: list[tuple[int, int]], day: date
) -> None:
    named, at = [], begins
    for gap, length in lengths:
        first = at + timedelta(days=gap)
        at = first + timedelta(days=length)
        named.append(NamedSeason("S", first, at - timedelta(days=1)))
    follow(named)
    first = first_day(Period.SEASON, day)
    after = following(Period.SEASON, first)
    assert first <= day < after
    assert first_day(Period.SEASON, first) == first
    assert first_day(Period.SEASON, after) == after
    assert preceding(Period.SEASON, after) == first
    assert first_day(Period.SEASON, after - timedelta(days=1)) == first
    assert bounds(Period.SEASON, first, ZONE)[1] == bounds(Period.SEASON, after, ZONE)[0]
    season = named_season(day)
    assert season is None or (season.starts_on, season.ends_on + timedelta(days=1)) == (
        first,
        after,
    )


async def test_boards_rules_and_the_recount_in_sql_follow_a_season(connection: Any) -> None:
    await raise_curtain(connection, toml=PER_SEASON)
    await connection.execute(
        "insert into season (name, starts_on, ends_on, recorded_at) values ('Sprint', $1, $2, $3)",
        date(2026, 11, 3),
        date(2026, 11, 4),
        NOW,
    )
    await tell(
        connection,
        wrote("p1", "ana", 0),
        *(reply(f"r{n}", "out1", "ana", "p1", 1 + 24 * n) for n in range(4)),
    )
    await count(connection)
    seen = {key[1:3]: value for key, value in (await totals(connection)).items()
            if key[0] == "points" and key[1] in ("season", "quarter") and key[3] == ANA}  # fmt: skip
    # The quarter before it, the season, and what is left of the quarter: each has its own window. On
    # boards a season stands where it has a name; the quarter holds all of it.
    assert seen == {("season", date(2026, 11, 3)): 5, ("quarter", date(2026, 10, 1)): 15}
    found = await verify(connection, zone=ZONE)
    assert [str(one) for one in found.differences] == []
    assert await retotal(connection, zone=ZONE) == 0


async def test_the_migration_counts_quarters_from_what_is_there(connection: Any) -> None:
    await raise_curtain(connection)
    await tell(
        connection,
        wrote("p1", "ana", 0),
        *(reply(f"r{n}", f"out{n % 2}", "ana", "p1", 1 + 240 * n) for n in range(4)),
    )
    await count(connection)
    counted = await totals(connection)
    assert {key[0] for key in counted if key[1] == "quarter"} >= {"points", "responses"}
    await connection.execute("delete from total where period = 'quarter'")
    script = Path(migrations.__file__).with_name("quarters_2026_11_22.sql")
    await connection.execute(script.read_text(encoding="utf-8"))
    assert await totals(connection) == counted


async def test_a_season_begins_tomorrow_at_the_earliest_and_none_overlap(connection: Any) -> None:
    await raise_curtain(connection)
    by: dict[str, Any] = {"by": ANA, "now": NOW, "zone": ZONE}
    with pytest.raises(SeasonRefused, match="tomorrow at the earliest"):
        await set_season(connection, "Late", date(2026, 11, 22), date(2026, 12, 1), **by)
    with pytest.raises(SeasonRefused, match="on its first day"):
        await set_season(connection, "Odd", date(2026, 12, 2), date(2026, 12, 1), **by)
    first = await set_season(connection, "Winter", date(2026, 12, 1), date(2027, 2, 28), **by)
    with pytest.raises(SeasonRefused, match="Another season"):
        await set_season(connection, "Carnival", date(2027, 2, 28), date(2027, 3, 5), **by)
    second = await set_season(connection, "Spring", date(2027, 3, 1), date(2027, 5, 31), **by)
    with pytest.raises(SeasonRefused, match="Another season"):
        await end_season(connection, first, date(2027, 3, 1), **by)
    later = {**by, "now": NOW + timedelta(days=30)}
    with pytest.raises(SeasonRefused, match="has begun"):
        await remove_season(connection, first, **later)
    with pytest.raises(SeasonRefused, match="today at the earliest"):
        await end_season(connection, first, date(2026, 12, 10), **later)
    await end_season(connection, first, date(2027, 1, 31), **later)
    await remove_season(connection, second, **later)
    assert [(one.name, one.ends_on) for one in await seasons(connection)] == [
        ("Winter", date(2027, 1, 31))
    ]
    audited = await connection.fetch("select action from audit order by id")
    assert [row["action"] for row in audited] == [
        "season_set", "season_set", "season_ended", "season_removed",
    ]  # fmt: skip


def test_a_rule_follows_a_season_that_is_set_after_it_was_asked() -> None:
    rule = read_rulebook(PER_SEASON).rules["new_voice"]
    at = datetime(2026, 11, 4, 12, tzinfo=UTC)
    assert rule.window_at(at, None, ZONE).name == "season:2026-10-01"
    follow([NamedSeason("Sprint", date(2026, 11, 3), date(2026, 11, 4))])
    assert rule.window_at(at, None, ZONE).name == "season:2026-11-03"
