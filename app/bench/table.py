"""The result as a table in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from app.bench.figure import Figure

Results = Mapping[str, Sequence[Figure]]


def in_words(machine: Mapping[str, str], results: Results) -> str:
    """Everything, as a person reads it."""
    lines = [f"{name:<12} {value}" for name, value in machine.items()]
    for name, figures in results.items():
        lines += ["", name]
        lines += _aligned([_row(figure) for figure in figures])
    return "\n".join(lines)


def as_json(machine: Mapping[str, str], results: Results) -> dict[str, Any]:
    """Everything, as a program reads it."""
    return {
        "machine": dict(machine),
        "results": {
            name: [{**asdict(figure), "reached": figure.reached} for figure in figures]
            for name, figures in results.items()
        },
    }


def shown(value: float) -> str:
    """A number with as many digits as mean something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _row(figure: Figure) -> tuple[str, str, str]:
    value = f"{shown(figure.value)} {figure.unit}".rstrip()
    notes = []
    if figure.at_least is not None:
        notes.append(f"at least {shown(figure.at_least)}")
    if figure.at_most is not None:
        notes.append(f"at most {shown(figure.at_most)}")
    if figure.reached is not None:
        notes.append("reached" if figure.reached else "NOT REACHED")
    if len(figure.rounds) > 1:
        notes.append("rounds " + " ".join(shown(one) for one in figure.rounds))
    return figure.words, value, "; ".join(notes)


def _aligned(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    rows = list(rows)
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows), default=0)
    return [f"  {a:<{first}}  {b:>{second}}  {c}".rstrip() for a, b, c in rows]
