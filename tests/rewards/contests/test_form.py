"""A contest's form: whatever is typed becomes a charter, or a sentence beside its field."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.amounts import Amount
from rewards.contests.brackets import place_in_brackets
from rewards.contests.charter import Charter, read_charter
from rewards.contests.form import read_form
from rewards.contests.form.brackets import by_audience
from rewards.contests.worst_case import worst_case
from tests.rewards.contests.office import CONTEXT, FORM, charter, company, errors


def test_a_form_becomes_a_charter_that_says_all_of_it() -> None:
    made = charter()
    assert made.start_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert made.end_at == datetime(2026, 12, 21, 16, tzinfo=UTC)
    assert [bracket.name for bracket in made.brackets] == [
        "Under 500", "500 to under 5,000", "5,000 and more"
    ]  # fmt: skip
    assert [(n.name, n.mode) for n in made.networks] == [("mastodon", "cash"), ("x", "recognition")]
    assert made.disclosure_tag == "#TeamNorthwind"
    assert worst_case(made) == {1: Amount(3 * 20_000 + 30 * 2_500, "EUR"), 2: Amount(3 * 4)}
    assert read_charter(made.canonical()) == made
    assert made.rulebook is None
    assert charter(metric="points").rulebook == CONTEXT.rulebook


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Give the contest a name"),
        ("name", "x" * 5_000, "at most 80 characters"),
        ("name", "a\u0000b", "cannot be seen"),
        ("metric", "likes", "Choose what counts"),
        ("networks", "", "at least one network"),
        ("networks", "myspace", "no network “myspace”"),
        ("networks", "mastodon,youtube", "may be rewarded"),
        ("start_on", "2026-11-21", "in the past"),
        ("start_on", "2026-02-31", "no day of the calendar"),
        ("start_on", "tomorrow", "no day of the calendar"),
        ("start_on", "9999-12-31", "more than two years away"),
        ("start_on", "2029-12-31", "more than two years away"),
        ("start_time", "25:00", "no time of the day"),
        ("start_time", "09:00+02:00", "Leave the zone out"),
        ("end_on", "2026-11-30", "after the start"),
        ("end_on", "2026-12-01", ""),
        ("end_on", "", "Choose a day"),
        ("settle_hours", "-1", "whole number"),
        ("settle_hours", "9" * 40, "from 0 to 720"),
        ("cool_down_days", "a while", "whole number"),
        ("least", "0", "from 1"),
        ("contact", "", "whom people can ask"),
        ("open_to", "friends", "whom it is open to"),
        ("breakers", "earliest,pool", "end with the order"),
        ("breakers", "coin,order", "how ties are broken"),
        ("breakers", "pool,earliest,order", "no other breaker"),
        ("brackets", "audience:5000,500", "ways to divide"),
        ("brackets", "custom", "at least one bracket"),
        ("prize_1_what", "", "Write an amount"),
        ("prize_1_what", "1.25 days", ""),
        ("prize_2_what", "€1,000,000,000,000,000,000", "too much"),
        ("prize_2_what", "€-5", "never less than nothing"),
        ("prize_2_what", "200,00 €", ""),
        ("prize_2_what", "$200", "no budget of USD"),
        ("prize_2_kind", "car", "what kind"),
        ("prize_2_from", "0", "from 1 to 100"),
        ("prize_2_to", "1", "2 or a later place"),
        ("prize_2_from", "1.5", "whole number"),
        ("prize_2_budget", "2", "no budget of EUR"),
        ("prize_2_budget", "3", "is for 2027-01-01 to 2027-03-31"),
        ("prize_2_budget", "99", "no budget of EUR"),
        ("prize_3_reach", "", "what must be reached"),
        ("prize_3_at_most", "lots", "whole number"),
        ("prize_3_among", "some", "among whom"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(field: str, typed: str, sentence: str) -> None:
    found = errors(**{field: typed})
    if field == "end_on" and typed == "2026-12-01":
        assert not found  # a contest of eight hours is one
        return
    near = {field, field.replace("_from", "_to"), field.replace("_what", "_budget")}
    said = [words for name, words in found.items() if name in near]
    assert said, found
    assert sentence in said[0]
    assert said[0][-1] in ".?"


def test_a_contest_of_followers_has_no_earliest() -> None:
    assert (
        "who got there first" in errors(metric="followers", breakers="earliest,order")["breakers"]
    )
    assert charter(metric="followers").breakers == ("pool", "order")


def test_an_empty_form_says_all_it_lacks_at_once() -> None:
    made, found = read_form({}, CONTEXT)
    assert made is None
    assert {"name", "metric", "networks", "start_on", "end_on", "contact"} <= set(found)


@pytest.mark.parametrize(
    ("lines", "field", "sentence"),
    [
        (
            [("A", "0", "500"), ("B", "600", "")],
            "bracket_2_from",
            "500 to 599 followers would be in no",
        ),
        ([("A", "0", "500"), ("B", "400", "")], "bracket_2_from", "overlaps “A”"),
        ([("A", "10", "")], "bracket_1_from", "fewer than 10 followers would be in no bracket"),
        ([("A", "0", "500")], "bracket_1_below", "500 followers and more would be in no bracket"),
        ([("A", "0", ""), ("B", "500", "")], "bracket_1_below", "has no end and overlaps"),
        ([("A", "0", "500"), ("a", "500", "")], "bracket_2_name", "has this name already"),
        ([("", "0", "")], "bracket_1_name", "Give the bracket a name"),
        ([("A", "0", "0"), ("B", "0", "")], "bracket_1_below", "from 1 to"),
        ([("A", "x", "")], "bracket_1_from", "whole number"),
    ],
)
def test_brackets_leave_no_gap_and_do_not_overlap(
    lines: list[tuple[str, str, str]], field: str, sentence: str
) -> None:
    typed = {"brackets": "custom"}
    for number, (name, at_least, below) in enumerate(lines, 1):
        typed |= {
            f"bracket_{number}_name": name, f"bracket_{number}_from": at_least,
            f"bracket_{number}_below": below,
        }  # fmt: skip
    assert sentence in errors(**typed)[field]


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=8, unique=True).map(sorted),
    st.integers(0, 10**7),
)
def test_every_audience_is_in_exactly_one_bracket(bounds: list[int], audience: int) -> None:
    brackets = by_audience(bounds)
    holding = [
        number
        for number, bracket in enumerate(brackets)
        if bracket.at_least <= audience and (bracket.below is None or audience < bracket.below)
    ]
    assert holding == [place_in_brackets(brackets, audience)]


def test_a_local_time_that_does_not_exist_is_refused_with_the_next_that_does() -> None:
    found = errors(
        company(now=datetime(2027, 3, 1, tzinfo=UTC)),
        start_on="2027-03-28", start_time="02:30", end_on="2027-03-30", prize_1_for="",
        prize_1_what="", prize_2_budget="3", prize_3_budget="3",
    )  # fmt: skip
    assert "02:30 does not exist on 28 March" in found["start_time"]
    assert "03:00" in found["start_time"]


def test_a_local_time_that_comes_twice_is_the_first() -> None:
    made = charter(
        company(now=datetime(2026, 10, 1, tzinfo=UTC)), start_on="2026-10-25", start_time="02:30",
        end_on="2026-11-01",
    )  # fmt: skip
    assert made.start_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_where_no_budget_is_for_the_last_day_nobody_is_asked_to_choose_one() -> None:
    found = errors(start_on="2027-06-01", end_on="2027-06-20", prize_2_budget="")
    assert "No budget of EUR is for the day" in found["prize_2_budget"]


def test_a_contest_that_ends_at_midnight_belongs_to_the_budget_of_the_day_that_is_over() -> None:
    assert charter(end_on="2027-01-01", end_time="00:00").prizes[1].budgets == (1,)
    assert "is for 2026-10-01" in errors(end_on="2027-01-01", end_time="00:01")["prize_2_budget"]


def test_a_place_has_one_prize_in_a_standing() -> None:
    assert "place 1 already" in errors(prize_2_from="1")["prize_2_from"]
    assert charter(prize_2_from="1", prize_2_to="1", prize_2_among="all")


def test_teams_win_neither_days_nor_draws_and_have_no_brackets() -> None:
    found = errors(who="departments")
    assert "cannot be shared out among a team" in found["prize_1_kind"]
    assert "an audience is a person's" in found["brackets"]
    assert charter(who="departments", brackets="none", prize_1_kind="cash", prize_1_what="€500",
                   prize_1_budget="1", prize_3_for="", prize_3_what="").who == "departments"  # fmt: skip


def test_a_choice_names_money_and_days_each_with_its_budget() -> None:
    made = charter(
        prize_1_kind="choice", prize_1_what="€200", prize_1_budget="1", prize_1_or="2 vacation days",
        prize_1_budget_2="2",
    )  # fmt: skip
    assert made.prizes[0].amounts == (Amount(20_000, "EUR"), Amount(4))
    assert made.prizes[0].budgets == (1, 2)
    found = errors(
        prize_1_kind="choice", prize_1_what="€200", prize_1_budget="1", prize_1_or="€300",
        prize_1_budget_2="1",
    )  # fmt: skip
    assert "between money and vacation days" in found["prize_1_or"]


def test_the_only_budget_that_will_do_need_not_be_named() -> None:
    assert charter(prize_2_budget="").prizes[1].budgets == (1,)


def test_without_money_or_days_nobody_must_disclose() -> None:
    made = charter(
        prize_1_kind="recognition", prize_1_what="Breakfast with the board", prize_2_for="",
        prize_2_what="", prize_3_for="", prize_3_what="",
    )  # fmt: skip
    assert made.disclosure_tag is None
    assert worst_case(made) == {}


@given(
    st.dictionaries(
        st.sampled_from([*FORM, "open_to", "open_ids", "who", "breakers", "prize_4_for", "bracket_1_from",
                         "prize_99_what", "least", "settle_hours", "freeze_hours", "growth_floor"]),
        st.one_of(st.text(max_size=40), st.sampled_from(["custom", "draw", "choice", "all", "٣", "1e9"])),
        max_size=6,
    ),
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)  # fmt: skip
def test_nothing_that_can_be_typed_is_an_exception(typed: dict[str, str], zone: str) -> None:
    made, found = read_form({**FORM, **typed}, company(zone=ZoneInfo(zone)))
    assert isinstance(made, Charter) != bool(found)
    assert all(words.strip() for words in found.values())


def test_a_value_to_reach_is_for_people() -> None:
    found = errors(who="departments", brackets="none", prize_1_kind="cash", prize_1_budget="1")
    assert found["prize_3_for"] == "A value to reach is for people. Teams win places."
