"""`/why`: where one's own points came from, day by day and rule by rule, and what did not count.

Law: only ever one's own; there is no way to name somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Request, Response, get

from app.auth.guards import signed_in, viewer_of
from app.pages import headline
from app.pages.cases.wrong import address, named_by
from app.pages.deeds import deed, quoted
from app.pages.fragment import page
from app.pages.heard import way
from app.pages.leaderboard.selection import Selection
from app.pages.wall import label, safe_address
from scoring import Line, Period, bounds, disputed, explain, keep_seasons, starts_on, topics_in_use

DAYS_A_PAGE: Final = 31  # a month; longer stretches have further pages


@dataclass(frozen=True, slots=True)
class Span:
    """The days a page shows, `first` to `last` in the company's time, both included."""

    first: date
    last: date
    words: str
    earlier: str | None
    later: str | None


@get("/why", guards=[signed_in], name="why")
async def why(request: Request[Any, Any, Any]) -> Response[str]:
    """Explain one's own points of a month, a period or one day."""
    state = request.app.state
    zone: ZoneInfo = state.settings.timezone
    async with state.pool.acquire() as connection:
        await keep_seasons(connection)
    span = span_of(request.query_params, datetime.now(UTC), zone)
    start_at, _ = bounds(Period.DAY, span.first, zone)
    _, end_at = bounds(Period.DAY, span.last, zone)
    person_id = viewer_of(request).person_id
    async with state.pool.acquire() as connection:
        days = await explain(connection, person_id, start_at=start_at, end_at=end_at, zone=zone)
        waiting = await disputed(connection, person_id)
        has_topics = bool(await topics_in_use(connection))

    def told_line(line: Line) -> dict[str, Any]:
        return told(line, zone, waits=named_by(line).key(person_id) in waiting)

    today = starts_on(Period.DAY, datetime.now(UTC), zone)
    context = {
        "span": span.words,
        "total": sum(day.points for day in days),
        "days": [
            {
                "on": day.on,
                "title": f"{day.on:%A} {headline.day(day.on, today)}",
                "points": day.points,
                "rules": [
                    {
                        "label": rule.label,
                        "points": rule.points,
                        "lines": [told_line(line) for line in rule.lines],
                    }
                    for rule in day.rules
                ],
                "uncounted": [told_line(line) for line in day.uncounted],
            }
            for day in days
        ],
        "asked": len(waiting),
        "heard": await state.heard.sentence("points", datetime.now(UTC)),
        "has_topics": has_topics,
        "earlier_href": span.earlier,
        "later_href": span.later,
    }
    return page(request, "why/page.html", context)


def told(line: Line, zone: ZoneInfo, *, waits: bool = False) -> dict[str, Any]:
    """One thing that happened, as the page says it; `waits` for an answer to "This is wrong"."""
    return {
        "deed": deed(line.kind, line.relation),
        "network": label(line.platform) if line.platform else None,
        "way": way(line.told_by or line.source) if line.source != "case" else None,
        "occurred_at": line.occurred_at,
        "clock": f"{line.occurred_at.astimezone(zone):%H:%M}",
        "points": line.points,
        "reason": None if line.outcome == "counted" else line.why,
        "about": line.about,
        "topics_href": f"/me/topics#post-{line.post_id}" if line.relation == "authored" else None,
        "text": quoted(line.text),
        "url": safe_address(line.url),
        "wrong_href": None if waits else address(line),
        "waits": waits,
        "case_id": line.case_id,
    }


def span_of(query: Any, now: datetime, zone: ZoneInfo) -> Span:
    """The days an address asks for: `?day=`, or a period with `?until=` for its further pages."""
    today = starts_on(Period.DAY, now, zone)
    only = _day(query.get("day", ""), today)
    if only is not None:
        return Span(
            only,
            only,
            headline.name(Period.DAY, only, today).capitalize(),
            f"/why?day={only - timedelta(days=1)}",
            f"/why?day={only + timedelta(days=1)}" if only < today else None,
        )
    selection = Selection.of(query, now, zone)
    begins_on = selection.begins_on(now, zone)
    ends_on = today
    if selection.on is not None:
        _, end_at = bounds(selection.period, begins_on, zone)
        ends_on = min(today, (end_at - timedelta(hours=1)).astimezone(zone).date())
    until = _day(query.get("until", ""), ends_on) or ends_on
    first = max(begins_on, until - timedelta(days=DAYS_A_PAGE - 1))
    words = headline.name(selection.period, begins_on, today)
    if first > begins_on or until < ends_on:
        words += f", {headline.day(first, today)} to {headline.day(until, today)}"
    kept = [pair for pair in selection.pairs() if pair[0] in ("period", "on")]

    def until_href(day: date) -> str:
        return "/why?" + urlencode([*kept, ("until", day.isoformat())])

    return Span(
        first,
        until,
        words[:1].upper() + words[1:],
        until_href(first - timedelta(days=1)) if first > begins_on else None,
        until_href(min(ends_on, until + timedelta(days=DAYS_A_PAGE))) if until < ends_on else None,
    )


def _day(text: str, latest: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= latest else None


HANDLERS: Final = [why]
