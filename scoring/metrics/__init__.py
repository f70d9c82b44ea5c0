"""Metrics, one file each, found by name: a new one touches no list elsewhere.

A file `scoring/metrics/<name>.py` has `METRIC`, a `Metric` of the same name with its examples. Law:
a file here that is no metric stops the start with words, instead of being left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from scoring.described import by_name
from scoring.metrics.metric import (
    Board,
    Contest,
    ContestExample,
    EntryLike,
    Example,
    Found,
    MalformedMetric,
    Metric,
    SampleAnswer,
    SampleEntry,
    Source,
)

__all__ = [
    "Board",
    "Contest",
    "ContestExample",
    "EntryLike",
    "Example",
    "Found",
    "MalformedMetric",
    "Metric",
    "SampleAnswer",
    "SampleEntry",
    "Source",
    "UnknownMetric",
    "board_metrics",
    "boards_by_metric",
    "boards_from",
    "contest_metrics",
    "find",
    "metric",
    "metrics",
]


class UnknownMetric(LookupError):
    """Nothing is counted under this name; the message lists what is."""


@cache
def metrics() -> Mapping[str, Metric]:
    """All metrics by name in the order of the tabs; a leaderboard opens with the first, points."""
    found = find(__name__, __path__)
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: (item[1].place, item[0]))))


@cache
def board_metrics() -> Mapping[str, Metric]:
    """The metrics that boards count, by name."""
    return MappingProxyType({name: one for name, one in metrics().items() if one.board})


@cache
def boards_by_metric() -> Mapping[str, Board]:
    """How each of them is counted, by name."""
    return MappingProxyType({name: one.board for name, one in metrics().items() if one.board})


@cache
def boards_from(source: Source) -> tuple[str, ...]:
    """The names of the metrics that boards count from a source."""
    return tuple(name for name, board in boards_by_metric().items() if board.source is source)


@cache
def contest_metrics() -> Mapping[str, Metric]:
    """The metrics that a contest may be about, by name."""
    return MappingProxyType({name: one for name, one in metrics().items() if one.contest})


def metric(name: str) -> Metric:
    """The metric of a name, or `UnknownMetric`."""
    try:
        return metrics()[name]
    except KeyError:
        known = ", ".join(metrics())
        raise UnknownMetric(f"there is no metric {name!r}; there are: {known}") from None


def find(package: str, path: Iterable[str]) -> dict[str, Metric]:
    """Read every file of a package as a metric; raise `MalformedMetric` for one that is none."""
    return by_name(package, path, Metric, word="metric", malformed=MalformedMetric)
