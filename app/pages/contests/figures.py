"""Values of a contest's metric, alone and with their unit. Pure."""

from __future__ import annotations

from scoring import metrics


def plain(metric_name: str, value: int) -> str:
    """The number without its unit: '1,204', '12.5'."""
    counted = metrics()[metric_name]
    words = counted.in_words(value)
    return words.removesuffix(f" {counted.unit_many}").removesuffix(f" {counted.unit_one}")


def with_unit(metric_name: str, value: int) -> str:
    """'1 person', '12.5 percent'."""
    return metrics()[metric_name].in_words(value)


def heading(metric_name: str) -> str:
    """What a column of such values is called."""
    many = metrics()[metric_name].unit_many
    return many[:1].upper() + many[1:]
