"""The filters above a board: what can be chosen, each with its own address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.pages.leaderboard.selection import EVERYONE, Selection
from scoring import (
    BRACKETED,
    Period,
    SizeBracket,
    board_metrics,
    brackets_of,
    brackets_on,
    named_season,
)

PERIOD_WORDS: Final = {
    Period.DAY: "Today",
    Period.WEEK: "Week",
    Period.MONTH: "Month",
    Period.QUARTER: "Quarter",
    Period.SEASON: "Season",
    Period.ALL: "All time",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `name` as addresses say it."""

    name: str
    words: str
    chosen: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading."""

    words: str
    choices: list[Choice]


def periods(selection: Selection, today: date) -> list[Choice]:
    """The periods; choosing one leads to the running one."""
    return [
        Choice(
            period.value,
            words,
            period is selection.period and selection.on is None,
            selection.but(period=period, on=None).href,
        )
        for period, words in period_words(today).items()
    ]


def period_words(today: date) -> dict[Period, str]:
    """What the periods are called that run today. A season goes by its name, and needs one."""
    season = named_season(today)
    return {
        period: season.name if season is not None and period is Period.SEASON else words
        for period, words in PERIOD_WORDS.items()
        if season is not None or period is not Period.SEASON
    }


def counted(selection: Selection) -> list[Choice]:
    """The metrics."""
    return [
        Choice(
            name,
            metric.tab or metric.label,
            name == selection.metric,
            selection.but(metric=name).href,
        )
        for name, metric in board_metrics().items()
    ]


async def audiences(
    connection: Any,
    selection: Selection,
    *,
    people: bool,
    begins_on: date,
    viewer: int,
    zone: ZoneInfo,
) -> list[Group]:
    """Everyone, the teams against each other, the people of one team or bracket; or teams alone.

    `begins_on`: the first day of the period that is looked at, whose brackets stand.
    """
    groups = [
        Group(
            "",
            [
                Choice(name, words, selection.audience == name)
                for name, words in (
                    (EVERYONE, "Everyone"),
                    ("departments", "Departments"),
                    ("offices", "Offices"),
                )
                if people or name != EVERYONE
            ],
        )
    ]
    if not people:
        return groups
    for kind, words in (
        ("department", "People of a department"),
        ("office", "People of an office"),
    ):
        rows = await connection.fetch(f"select id, name from {kind} order by lower(name), id")
        choices = [
            Choice(f"{kind}-{row['id']}", row["name"], selection.audience == f"{kind}-{row['id']}")
            for row in rows
        ]
        if choices:
            groups.append(Group(words, choices))
    if selection.period in BRACKETED:
        own = (await brackets_of(connection, [(viewer, begins_on)], zone))[viewer, begins_on]
        choices = [
            Choice(
                one.audience,
                in_words(one) + (" (you)" if one.number == own else ""),
                selection.audience == one.audience,
            )
            for one in await brackets_on(connection, begins_on)
        ]
        groups.append(Group("People with as many followers", choices))
    return groups


def in_words(bracket: SizeBracket) -> str:
    """The bracket as a filter says it. Pure."""
    if bracket.below is None:
        return f"{bracket.at_least:,} followers and more"
    if bracket.number == 1:
        return f"Under {bracket.below:,} followers"
    return f"{bracket.at_least:,} to {bracket.below - 1:,} followers"


def chosen_words(groups: list[Group]) -> str:
    """What is shown, in words."""
    found = [choice.words for group in groups for choice in group.choices if choice.chosen]
    return found[0] if found else "Everyone"
