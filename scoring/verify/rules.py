"""The rulebook's versions as rows, for the recomputation in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from scoring.connection import Connection
from scoring.rules import Rule, Rulebook, read_rulebook

_END = datetime(9999, 1, 1, tzinfo=UTC)


async def lay_out_rules(connection: Connection) -> int:
    """Fill `v_rule`, `v_step` and `v_reign`; returns how many versions there are."""
    rows = await connection.fetch(
        "select id, name, toml, valid_from, recorded_at from rulebook order by recorded_at, id"
    )
    books = [
        read_rulebook(
            row["toml"],
            id=row["id"],
            name=row["name"],
            valid_from=row["valid_from"],
            recorded_at=row["recorded_at"],
        )
        for row in rows
    ]
    await connection.copy_records_to_table(
        "v_rule",
        records=[
            (n, book.id, book.valid_from, *_row(rule))
            for n, book in enumerate(books)
            for rule in book.rules.values()
        ],
    )
    await connection.copy_records_to_table(
        "v_step",
        records=[
            (book.id, rule.name, from_place, upto_place, points)
            for book in books
            for rule in book.rules.values()
            for from_place, upto_place, points in _steps(rule)
        ],
    )
    await connection.copy_records_to_table("v_reign", records=_reigns(books))
    return len(books)


def _row(rule: Rule) -> tuple[object, ...]:
    return (
        rule.name,
        rule.relation.value,
        sorted(kind.value for kind in rule.kinds),
        None if rule.platforms is None else sorted(rule.platforms),
        None if rule.topics is None else sorted(rule.topics),
        list(rule.credit),
        rule.per,
        rule.repeats,
        sum(count for count, _ in rule.steps),
        # A figure stands for different people on one post, and for nothing wider.
        rule.relation.value == "earned" and sorted(rule.credit) == ["actor", "post"],
    )


def _steps(rule: Rule) -> list[tuple[int, int, int]]:
    """(first place, place after the last, points of each), places from 0."""
    steps, place = [], 0
    for count, points in rule.steps:
        steps.append((place, place + count, points))
        place += count
    return steps


def _reigns(books: Sequence[Rulebook]) -> list[tuple[int, datetime, datetime]]:
    """(version, from, until): of the versions valid at a moment the one recorded last speaks."""
    starts = sorted({book.valid_from for book in books})
    if not starts:
        return []
    return [
        ([book for book in books if book.valid_from <= start][-1].id, start, until)
        for start, until in zip(starts, [*starts[1:], _END], strict=True)
    ]
