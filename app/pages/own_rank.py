"""`/me/rank`: how one stood in the last periods, as a small chart and as its numbers.

Law: only ever one's own; there is no way to name somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from litestar import Request, Response, get

from app.auth.guards import signed_in, viewer_of
from app.pages import headline
from app.pages.fragment import page
from app.pages.leaderboard.choices import Choice
from app.pages.words import ordinal
from scoring import (
    BoardKey,
    Period,
    Stood,
    board_metrics,
    first_day,
    keep_seasons,
    past_ranks,
    preceding,
    starts_on,
)

SHOWN: Final = 12  # periods: a quarter of weeks, a year of months
WIDTH: Final = 640  # of the chart, in its own units
HEIGHT: Final = 180
LEFT, RIGHT, TOP, BOTTOM = 72, 16, 16, 42  # what the labels need, also on a telephone
# All time has no past ones.
EACH: Final = {
    Period.DAY: "days", Period.WEEK: "weeks", Period.MONTH: "months", Period.QUARTER: "quarters",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dot:
    """A period in the chart."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Ranks from left to right, the best at the top; lines only between neighbours that have one."""

    dots: list[Dot]
    lines: list[str]  # points of polylines
    best: int
    worst: int
    best_y: float
    worst_y: float
    words: str


@get("/me/rank", guards=[signed_in], name="own_rank")
async def own_rank(request: Request[Any, Any, Any]) -> Response[str]:
    """Show the last periods of one's own."""
    state = request.app.state
    zone, now = state.settings.timezone, datetime.now(UTC)
    asked = request.query_params
    chosen = asked.get("period", "")
    period = Period(chosen) if chosen in EACH else Period.WEEK
    metric = asked.get("metric", "")
    metric = metric if metric in board_metrics() else "points"
    today = starts_on(Period.DAY, now, zone)
    me = viewer_of(request).person_id
    *before, running = days_back(period, today)
    async with state.pool.acquire() as connection:
        await keep_seasons(connection)
        stood = await past_ranks(connection, me, metric, period, before)
    view = await state.boards.view(BoardKey(metric, period, running), limit=0, person_id=me)
    assert view.own is not None, "asked for"
    stood.append(Stood(running, view.own.value, view.own.rank))
    counted = board_metrics()[metric]
    context = {
        "periods": [
            Choice(one, words.capitalize(), one is period, f"/me/rank?period={one}&metric={metric}")
            for one, words in EACH.items()
        ],
        "metrics": [
            Choice(name, one.label, name == metric, f"/me/rank?period={period}&metric={name}")
            for name, one in board_metrics().items()
        ],
        "chart": chart(stood, period, today),
        "rows": [
            {
                "name": called(period, one.starts_on, today),
                "rank": one.rank,
                "value": counted.in_words(one.value),
            }
            for one in reversed(stood)
        ],
    }
    return page(request, "own_rank/page.html", context)


def days_back(period: Period, today: date) -> list[date]:
    """The first days of the last periods, the oldest first, the running one last. Pure."""
    days = [first_day(period, today)]
    while len(days) < SHOWN:
        days.append(preceding(period, days[-1]))
    return days[::-1]


def called(period: Period, day: date, today: date) -> str:
    """What a period is called in a list. Pure."""
    words = headline.name(period, day, today)
    return words[:1].upper() + words[1:]


def chart(stood: Sequence[Stood], period: Period, today: date) -> Chart | None:
    """The chart of what had a rank; None where fewer than two had. Pure."""
    ranks = [one.rank for one in stood if one.rank is not None]
    if len(ranks) < 2:
        return None
    best, worst = min(ranks), max(ranks)
    step = (WIDTH - LEFT - RIGHT) / (len(stood) - 1)
    tall = HEIGHT - TOP - BOTTOM

    def y(rank: int) -> float:
        return round(
            TOP + (tall / 2 if best == worst else tall * (rank - best) / (worst - best)), 1
        )

    dots: list[Dot] = []
    lines: list[list[str]] = [[]]
    for place, one in enumerate(stood):
        if one.rank is None:
            lines.append([])
            continue
        dot = Dot(
            round(LEFT + step * place, 1),
            y(one.rank),
            f"{called(period, one.starts_on, today)}: rank {one.rank:,}",
        )
        dots.append(dot)
        lines[-1].append(f"{dot.x},{dot.y}")
    last = stood[-1].rank
    between = f"always {ordinal(best)}"
    if best != worst:
        between = f"between {ordinal(best)} and {ordinal(worst)}"
    words = f"In {len(ranks)} of the last {len(stood)} {EACH[period]} you were {between}, now "
    words += "not ranked yet" if last is None else ordinal(last)
    drawn = [" ".join(line) for line in lines if len(line) > 1]
    return Chart(dots, drawn, best, worst, y(best), y(worst), words)


HANDLERS: Final = [own_rank]
