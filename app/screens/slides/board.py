"""A leaderboard: the best of a period, never more than the upper half.

Law: nobody beneath the middle is shown, and with too few to rank there is no ranking of these few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.council import Council, Whose, current_council, may_show
from app.pages.faces import TINTS, faces, keyed
from app.pages.leaderboard.choices import in_words
from app.pages.leaderboard.kindness import LEAST_TEAMS, listed, upper_half
from app.pages.leaderboard.selection import EVERYONE, TEAMS
from app.pages.words import initials
from app.screens.sighted import Sighted, sighted
from app.screens.slides.slide import Content, Option, Sight, SlideKind
from scoring import (
    BoardKey,
    Period,
    SizeBracket,
    UnknownBoard,
    board_metrics,
    brackets_on,
    keep_seasons,
    named_season,
    starts_on,
)

SHOWN: Final = 8  # rows that are readable from across the room


@dataclass(frozen=True, slots=True)
class Row:
    """One line: of a person, or of a team with how many are in it."""

    rank: int
    who: Sighted
    value: str
    members: int | None = None


async def content(sight: Sight, options: Mapping[str, str]) -> Content | None:
    """The board as it stands; None where there is none for this audience."""
    metric = options.get("metric") or "points"
    period = options.get("period") or Period.WEEK
    audience = options.get("audience") or EVERYONE
    if metric not in board_metrics() or period not in list(Period):
        return None
    council = await current_council(sight.connection)
    await keep_seasons(sight.connection)
    if audience not in TEAMS and not may_show(council, Whose.COLLEAGUE):
        audience = "offices" if sight.public else "departments"
    # The public learns of no department, and of nobody how many follow them.
    if sight.public and audience.startswith(("department", "bracket")):
        return None
    day = starts_on(Period(period), sight.now, sight.zone)
    if period == Period.SEASON and named_season(day) is None:
        period, day = Period.QUARTER, starts_on(Period.QUARTER, sight.now, sight.zone)
    if audience in TEAMS:
        return await _teams(sight, metric, BoardKey(metric, Period(period), day), audience, council)
    try:
        board = BoardKey.parse(f"{metric}:{period}:{day}:{audience}")
    except UnknownBoard:
        return None
    words = await _audience(sight, board)
    if words is None:
        return None
    view = await sight.boards.view(board, limit=SHOWN, now=sight.now)
    top = view.top[: listed(view.size, SHOWN)]
    known = await faces(
        sight.connection, [row.person_id for row in top], now=sight.now, secret=sight.secret
    )
    rows = [
        Row(
            row.rank,
            who,
            sight.language.figure(metric, row.value),
        )
        for row in top
        if row.person_id in known
        and (who := sighted(known[row.person_id], sight.audience)) is not None
    ]
    return _content(sight, metric, board, words, rows) if rows else None


async def _teams(
    sight: Sight, metric: str, board: BoardKey, audience: str, council: Council
) -> Content | None:
    kind = TEAMS[audience]
    found = await sight.boards.teams(
        metric,
        board.period,
        board.starts_on,
        "office" if kind == "office" else "department",
        council.least_size,
    )
    rows = []
    for team in found[: min(SHOWN, max(LEAST_TEAMS, upper_half(len(found))))]:
        if team.value <= 0:
            continue
        tint = int(keyed(sight.secret, f"{kind}|{team.id}")[-2:], 16) % TINTS
        who = Sighted(team.name, team.name, initials(team.name)[:1], tint)
        value = (
            sight.language.number(round(team.mean))
            if team.mean >= 10
            else _tenths(sight, team.mean)
        )
        rows.append(Row(team.rank, who, value, team.members))
    words = sight.language.say(f"board_{audience}")
    return _content(sight, metric, board, words, rows, teams=True) if rows else None


def _tenths(sight: Sight, mean: float) -> str:
    return sight.language.number(round(mean * 10) / 10)


def _content(
    sight: Sight, metric: str, board: BoardKey, words: str, rows: list[Row], *, teams: bool = False
) -> Content:
    return Content(
        template="board.html",
        data={
            "title": sight.language.label_of(metric),
            "period": _period(sight, board),
            "among": words,
            "teams": teams,
            "metric": metric,
            "rows": rows,
        },
        describes=f"{board_metrics()[metric].label}, {board.period.label.lower()}, {len(rows)} rows",
        topics=(str(board),),
    )


def _period(sight: Sight, board: BoardKey) -> str:
    season = named_season(board.starts_on) if board.period is Period.SEASON else None
    return season.name if season is not None else sight.language.period(board.period)


async def _audience(sight: Sight, board: BoardKey) -> str | None:
    if board.audience == EVERYONE:
        return sight.language.say("board_everyone")
    kind, _, id = board.audience.partition("-")
    if board.of_bracket:
        found = await brackets_on(sight.connection, board.starts_on)
        return next((_bracket(sight, one) for one in found if one.number == int(id)), None)
    table = {"department": "department", "office": "office"}[kind]
    name: str | None = await sight.connection.fetchval(
        f"select name from {table} where id = $1", int(id)
    )
    return name


def _bracket(sight: Sight, bracket: SizeBracket) -> str:
    say, number = sight.language.say, sight.language.number
    if bracket.below is None:
        return say("bracket_last", at_least=number(bracket.at_least))
    if bracket.number == 1:
        return say("bracket_first", below=number(bracket.below))
    return say("bracket_between", at_least=number(bracket.at_least), most=number(bracket.below - 1))


async def _metrics(_: Sight) -> list[tuple[str, str]]:
    return [(name, metric.label) for name, metric in board_metrics().items()]


async def _periods(_: Sight) -> list[tuple[str, str]]:
    return [(period.value, period.label) for period in Period]


async def _audiences(sight: Sight) -> list[tuple[str, str]]:
    found = [(EVERYONE, "Everyone"), ("departments", "Departments"), ("offices", "Offices")]
    for kind, word in (("department", "Department"), ("office", "Office")):
        rows = await sight.connection.fetch(f"select id, name from {kind} order by lower(name), id")
        found += [(f"{kind}-{row['id']}", f"{word}: {row['name']}") for row in rows]
    today = starts_on(Period.DAY, sight.now, sight.zone)
    found += [
        (one.audience, f"Followers: {in_words(one)}")
        for one in await brackets_on(sight.connection, today)
    ]
    return found


SLIDE = SlideKind(
    name="board",
    label="Leaderboard",
    hint="The best of a day, a week, a month: at most eight, and never more than the upper half.",
    content=content,
    options=(
        Option("metric", "What counts", _metrics),
        Option(
            "period", "Over", _periods,
            hint="While no season has a name, a slide of the season shows the quarter.",
        ),
        Option(
            "audience", "Among", _audiences,
            hint="Screens for the public pass over boards of departments and brackets."
            " Brackets are of a month, a quarter or a season.",
        ),
    ),
    example={"metric": "points", "period": "week", "audience": EVERYONE},
)  # fmt: skip
