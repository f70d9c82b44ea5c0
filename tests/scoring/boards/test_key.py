"""Names of boards."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scoring.boards import BoardKey, UnknownBoard, audiences
from scoring.periods import NamedSeason, Period, follow
from tests.scoring.boards.company import ZONE

WEEK = BoardKey("points", Period.WEEK, date(2026, 11, 16), "department-3")


@pytest.mark.parametrize(
    "key",
    [
        WEEK,
        BoardKey("shared", Period.ALL, date(1970, 1, 1), "all"),
        BoardKey("points", Period.DAY, date(2026, 11, 22), "office-12"),
    ],
    ids=str,
)
def test_a_board_is_found_again_by_its_id(key: BoardKey) -> None:
    assert BoardKey.parse(str(key)) == key


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "metric:period"),
        ("points:week:2026-11-16", "metric:period"),
        ("glory:week:2026-11-16:all", "nothing is counted"),
        ("points:year:2026-01-01:all", "no period"),
        ("points:week:2026-11-17:all", "no week starts"),
        ("points:week:20261116:all", "no week starts"),
        ("points:day:tomorrow:all", "no day such as"),
        ("points:all:2026-01-01:all", "no all starts"),
        ("points:day:0001-01-01:all", "counted in 1"),
        ("points:week:9999-12-27:all", "counted in 9999"),
        ("points:week:2026-11-16:team-1", "no audience"),
        ("points:week:2026-11-16:bracket-1", "no brackets of a week"),
        ("points:month:2026-11-01:bracket-7", "no audience"),
        ("points:week:2026-11-16:department-0", "no audience"),
        ("points:week:2026-11-16:department-1 or true", "no audience"),
        ("points:week:2026-11-16:department-1\n", "no audience"),
    ],
)
def test_an_id_that_names_no_board_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(UnknownBoard, match=complaint):
        BoardKey.parse(text)


def test_all_parts_of_a_board_lie_in_one_slot_of_a_cluster() -> None:
    assert WEEK.part("state") == "fanfare:{points:week:2026-11-16:department-3}:state"


def test_its_element_and_event_have_one_name_without_colons() -> None:
    assert WEEK.element_id == "board-points-week-2026-11-16-department-3"


def test_a_past_board_expires_and_that_of_all_time_never() -> None:
    ended = datetime(2026, 11, 23, tzinfo=ZONE)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert WEEK.expires_at(now, ZONE) == (ended + timedelta(days=40)).timestamp()
    later = now + timedelta(days=400)
    assert WEEK.expires_at(later, ZONE) == (later + timedelta(days=1)).timestamp()
    assert BoardKey("points", Period.ALL, date(1970, 1, 1)).expires_at(now, ZONE) == 0


def test_a_person_stands_before_everyone_and_their_own_department_and_office() -> None:
    assert audiences(3, 12) == ("all", "department-3", "office-12")
    assert audiences(None, None) == ("all",)


def test_a_season_is_watched_from_any_day_and_known_where_one_has_a_name() -> None:
    first, later = (BoardKey.parse(f"points:season:2026-11-0{n}:all") for n in (3, 4))
    assert [first.is_known, later.is_known] == [False, False]
    try:
        follow([NamedSeason("Sprint", date(2026, 11, 3), date(2026, 11, 4))])
        assert [first.is_known, later.is_known] == [True, False]
    finally:
        follow(())
