"""Adding and taking away lines of a contest's form."""

from __future__ import annotations

from app.pages.contest_editor.lines import MOST, changed, numbers, tidy

TWO = {
    "name": "Two",
    "prize_1_for": "place",
    "prize_1_from": "1",
    "prize_1_to": "1",
    "prize_1_what": "2 vacation days",
    "prize_1_kind": "days",
    "prize_1_budget": "7",
    "prize_2_for": "place",
    "prize_2_from": "2",
    "prize_2_to": "3",
    "prize_2_what": "€200",
    "prize_2_kind": "cash",
}


def test_a_new_prize_goes_to_the_next_place_and_keeps_what_was_typed() -> None:
    found = changed(TWO, "add_prize")
    assert found is not None
    form, fresh = found
    assert fresh == "prize_3"
    assert form["prize_3_from"] == form["prize_3_to"] == "4"
    assert form["prize_3_kind"] == "cash"
    assert {name: form[name] for name in TWO} == TWO


def test_taking_a_prize_away_closes_the_gap() -> None:
    found = changed(TWO, "remove_prize_1")
    assert found is not None
    form, fresh = found
    assert numbers(form, "prize") == [1]
    assert form["prize_1_what"] == "€200"
    assert fresh == "prize_1"


def test_taking_away_what_is_not_there_changes_nothing() -> None:
    assert changed(TWO, "remove_prize_9") == (TWO, "")


def test_another_button_is_no_change_of_lines() -> None:
    assert changed(TWO, "save") is None
    assert changed(TWO, "remove_prize") == (TWO, "")
    assert changed(TWO, "add_name") is None


def test_there_is_an_end_to_adding() -> None:
    form = dict(TWO)
    for _ in range(40):
        found = changed(form, "add_prize")
        assert found is not None
        form = found[0]
    assert len(numbers(form, "prize")) == MOST["prize"]


def test_lines_with_gaps_are_numbered_without() -> None:
    form = tidy({"prize_3_what": "€3", "prize_7_what": "€7", "bracket_x_name": "?"})
    assert form == {"prize_1_what": "€3", "prize_2_what": "€7", "bracket_x_name": "?"}


def test_own_brackets_begin_with_three_that_leave_no_gap() -> None:
    form = tidy({"brackets": "custom"})
    assert numbers(form, "bracket") == [1, 2, 3]
    assert form["bracket_1_below"] == form["bracket_2_from"]
    assert form["bracket_3_below"] == ""


def test_a_new_bracket_begins_where_the_last_ended() -> None:
    found = changed({"bracket_1_name": "Small", "bracket_1_below": "800"}, "add_bracket")
    assert found is not None
    assert found[0]["bracket_2_from"] == "800"
