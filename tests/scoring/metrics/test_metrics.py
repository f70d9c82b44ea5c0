"""Every metric × every one of its examples, and the laws that hold for all of them."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.metrics import (
    Example,
    MalformedMetric,
    Metric,
    SampleEntry,
    UnknownMetric,
    find,
    metric,
    metrics,
)

EVERY_EXAMPLE = [
    pytest.param(metric, example, id=f"{metric.name}: {example.law}")
    for metric in metrics().values()
    for example in metric.examples
]


@pytest.mark.parametrize(("metric", "example"), EVERY_EXAMPLE)
def test_the_example_of_a_metric_holds(metric: Metric, example: Example) -> None:
    assert sum(map(metric.value, example.entries)) == example.value


@given(
    relation=st.sampled_from(["earned", "conversed", "shared", "reshared", "echo", "authored"]),
    points=st.integers(min_value=-(2**31), max_value=2**31 - 1).filter(bool),
)
def test_a_reversal_takes_back_exactly_what_it_reverses(relation: str, points: int) -> None:
    for each in metrics().values():
        given_, taken = SampleEntry(relation, points), SampleEntry(relation, -points)
        assert each.value(given_) + each.value(taken) == 0, each.name


def test_points_come_first_and_names_are_known() -> None:
    assert next(iter(metrics())) == "points"
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


@pytest.mark.parametrize(
    "change", [{"examples": ()}, {"hint": " "}, {"unit_one": ""}, {"name": "Points!"}]
)
def test_a_metric_without_words_or_examples_cannot_be_made(change: dict[str, object]) -> None:
    with pytest.raises(MalformedMetric):
        replace(metric("points"), **change)
