"""Every metric × every one of its examples, and the laws that hold for all of them."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.answered import ANSWERING, counted_anew
from scoring.attribution import attribute
from scoring.credits import credits
from scoring.deed import Deed, Surroundings
from scoring.fold import Claim, earliest, fold
from scoring.identity import account_id, native_key
from scoring.intervals import Enrolments, Ownerships
from scoring.metrics import (
    ContestExample,
    Example,
    Found,
    MalformedMetric,
    Metric,
    SampleEntry,
    Source,
    UnknownMetric,
    board_metrics,
    boards_by_metric,
    contest_metrics,
    find,
    metric,
    metrics,
)
from scoring.periods import Period
from scoring.tallies.rules import OneWindow, answers_rule
from scoring.tallies.terms import CountingTerms

EVERY_EXAMPLE = [
    pytest.param(metric, example, id=f"{metric.name}: {example.law}")
    for metric in metrics().values()
    if metric.board is not None
    for example in metric.board.examples
]
EVERY_CONTEST_EXAMPLE = [
    pytest.param(metric, example, id=f"{metric.name}: {example.law}")
    for metric in metrics().values()
    if metric.contest is not None
    for example in metric.contest.examples
]
START = datetime(2026, 12, 1, tzinfo=UTC)
END = START + timedelta(days=21)
NET = "mastodon"


@pytest.mark.parametrize(("metric", "example"), EVERY_EXAMPLE)
def test_the_example_of_a_metric_holds(metric: Metric, example: Example) -> None:
    assert metric.board is not None
    value = 0
    match metric.board.source:
        case Source.RULEBOOK:
            value = sum(map(metric.board.value, example.entries))
        case Source.ANSWERS:
            value = different_people(example)
        case Source.FOLLOWERS:
            value = sum(b - a for a, b in pairwise(example.counts))
    assert value == example.value


def different_people(example: Example) -> int:
    """How many people's answers count in the month that the days of an example lie in."""
    month = Period.MONTH, START.date()
    days: dict[str, set[date]] = {}
    for one in example.answers:
        if one.kind in ANSWERING:
            days.setdefault(one.actor, set()).add(START.date() + timedelta(days=one.day))
    return sum(counted_anew((), mine).get(month, 0) for mine in days.values())


@pytest.mark.parametrize(("metric", "example"), EVERY_CONTEST_EXAMPLE)
def test_the_example_of_a_contest_holds(metric: Metric, example: ContestExample) -> None:
    assert metric.contest is not None
    found = example.found
    if metric.contest.source is Source.ANSWERS:
        found = Found(earned=answered(metric, example))
    assert found is not None
    assert metric.contest.value(found) == example.value


def answered(metric: Metric, example: ContestExample) -> int:
    """What the answers of an example come to, by the rule that contests of this metric have."""
    you = account_id(NET, "you")
    around = Surroundings(
        Ownerships([(you, START, 1, False, "every")]), Enrolments([(1, START, "active")])
    )
    terms = CountingTerms(
        metric=metric.name, start_at=START, end_at=END, platforms=frozenset({NET}), rulebook=None,
        zone=ZoneInfo("UTC"), needs_disclosure=False,
    )  # fmt: skip
    books = OneWindow(answers_rule(terms), START, END, terms.zone)
    found = [
        credit
        for n, one in enumerate(example.answers)
        for credit in credits(
            attribute(
                Deed(
                    native_key(NET, f"deed{n}"), NET, one.kind, native_key(NET, f"deed{n}"),
                    account_id(NET, one.actor), you, native_key(NET, one.post), None,
                    START + timedelta(hours=n), False, False, "webhook",
                ),
                around,
            ),
            books,
            around,
        )
    ]  # fmt: skip
    claims = [Claim(c.key, c.at, c.deed.id) for c in earliest(found).values()]
    return sum(one.points for one in fold(books.only[0], claims))


@given(
    relation=st.sampled_from(["earned", "conversed", "shared", "reshared", "echo", "authored"]),
    points=st.integers(min_value=-(2**31), max_value=2**31 - 1).filter(bool),
)
def test_a_reversal_takes_back_exactly_what_it_reverses(relation: str, points: int) -> None:
    for name, board in boards_by_metric().items():
        given_, taken = SampleEntry(relation, points), SampleEntry(relation, -points)
        assert board.value(given_) + board.value(taken) == 0, name


def test_points_come_first_and_names_are_known() -> None:
    assert next(iter(metrics())) == next(iter(board_metrics())) == "points"
    assert list(board_metrics()) == ["points", "responses", "followers", "shared"]
    assert set(contest_metrics()) == {
        "points", "followers", "growth", "responses", "answers", "improved",
    }  # fmt: skip
    assert metric("shared").label == "Shared by the company"


def test_an_unknown_metric_is_told_with_those_that_exist() -> None:
    with pytest.raises(UnknownMetric, match="there are: points"):
        metric("glory")


def test_units_follow_the_number() -> None:
    assert [metric("points").in_words(n) for n in (1, 2, 1204)] == [
        "1 point",
        "2 points",
        "1,204 points",
    ]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("nothing", "", "has no METRIC"),
        ("renamed", "from scoring.metrics.points import METRIC", "same name"),
    ],
)
def test_a_file_that_is_no_metric_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, complaint: str
) -> None:
    package = tmp_path / f"metrics_with_{name}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(MalformedMetric, match=complaint):
        find(package.name, [str(package)])
    sys.modules.pop(package.name, None)


def test_a_growth_is_told_in_percent_and_never_by_a_float() -> None:
    growth = metric("growth")
    assert [growth.in_words(n) for n in (0, 5, 10, 125, 12_345, -3)] == [
        "0 percent", "0.5 percent", "1 percent", "12.5 percent", "1,234.5 percent", "-0.3 percent",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("responses", "everyone who is answered by 25 people"),
        ("answers", "everyone who gets 25 answers"),
        ("points", "everyone who reaches 25 points"),
        ("followers", "everyone who gains 25 followers"),
        ("growth", "everyone who gains 2.5 percent in followers"),
        ("improved", "everyone who earns 25 points more than in the time before"),
    ],
)
def test_a_goal_reads_as_a_sentence(name: str, words: str) -> None:
    assert f"everyone who {metric(name).goal_in_words(25)}" == words


def test_a_metric_of_boards_alone_has_no_goal() -> None:
    with pytest.raises(MalformedMetric, match="no contest side"):
        metric("shared").goal_in_words(1)


@given(gained=st.integers(-(10**9), 10**9), base=st.integers(0, 10**9), floor=st.integers(1, 10**6))
def test_growth_never_falls_as_more_are_gained_nor_rises_with_the_start(
    gained: int, base: int, floor: int
) -> None:
    contest = metric("growth").contest
    assert contest is not None

    def value(gained: int, base: int) -> int:
        return contest.value(Found(gained=gained, base=base, floor=floor))

    assert 0 <= value(gained, base) <= value(gained + 1, base)
    assert value(gained, base + 1) <= value(gained, base)


@pytest.mark.parametrize(
    "change",
    [
        {"goal": "wins"}, {"card": ""}, {"sentence": " "}, {"examples": ()},
        {"credit": ("actor",)}, {"source": Source.ANSWERS},
    ],
)  # fmt: skip
def test_a_contest_side_without_words_or_examples_cannot_be_made(change: dict[str, object]) -> None:
    points = metric("points")
    assert points.contest is not None
    with pytest.raises(MalformedMetric):
        replace(points, contest=replace(points.contest, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [{"board": None, "contest": None}, {"hint": " "}, {"unit_one": ""}, {"name": "Points!"}],
)
def test_a_metric_without_words_or_examples_cannot_be_made(change: dict[str, object]) -> None:
    with pytest.raises(MalformedMetric):
        replace(metric("points"), **change)  # type: ignore[arg-type]
