"""`/hr/seasons`: named seasons, each with its first and its last day; where brackets of boards begin.

Laws: what a person typed wrong is said beside its field; a season begins tomorrow at the earliest; while
a published contest counts by seasons, none is changed; brackets change from tomorrow, for periods to come.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.leaderboard.choices import in_words
from app.pages.said import Said
from rewards import counted_by_season
from scoring import (
    BracketsRefused,
    Period,
    SeasonRefused,
    brackets_on,
    end_season,
    remove_season,
    seasons,
    set_brackets,
    set_season,
    starts_on,
)

GUARDS: Final = [has_role("hr")]
MOST_ID: Final = 2**31 - 1
_APART: Final = re.compile(r"[,;]?\s+|;|,(?!\d{3}(?:\D|$))")
_GROUPED: Final = re.compile(r"(?<=\d)[,.'’](?=\d{3}(?:\D|$))")


@get("/hr/seasons", guards=GUARDS)
async def every_season(request: Request[Any, Any, Any]) -> Response[Any]:
    """All seasons, and a form for the next one."""
    return await _page(request, Form())


@post("/hr/seasons", guards=GUARDS)
async def add(request: Request[Any, Any, Any]) -> Response[Any]:
    """Set a season."""
    form = await Form.of(request)
    name = form.text("name", ask="Give it a name, such as “Spring”.", most=40)
    first, last = day_of(form, "first"), day_of(form, "last")
    if form.fine and first is not None and last is not None:
        try:
            async with transaction() as connection:
                await refuse_while_counted(connection, "last")
                await set_season(connection, name, first, last, **_by(request))
        except SeasonRefused as refused:
            form.wrong(refused.field, str(refused))
    if not form.fine:
        return await _page(request, form, status=422)
    return back("/hr/seasons", Said.SEASON_SET)


@post("/hr/seasons/{season_id:int}/{deed:str}", guards=GUARDS)
async def change(
    request: Request[Any, Any, Any], season_id: FromPath[int], deed: FromPath[str]
) -> Response[Any]:
    """Let a season end on another day, or take back one that has not begun."""
    if deed not in ("end", "remove") or not 0 < season_id <= MOST_ID:
        raise NotFoundException("There is no such season.")
    form = await Form.of(request)
    last = day_of(form, "last") if deed == "end" else None
    if form.fine:
        try:
            async with transaction() as connection:
                await refuse_while_counted(connection, "last" if deed == "end" else "id")
                if last is not None:
                    await end_season(connection, season_id, last, **_by(request))
                else:
                    await remove_season(connection, season_id, **_by(request))
        except SeasonRefused as refused:
            form.wrong(refused.field, str(refused))
    if not form.fine:
        return await _page(request, Form(), changed=(season_id, form), status=422)
    return back("/hr/seasons", Said.SEASON_SET)


@post("/hr/brackets", guards=GUARDS)
async def rebracket(request: Request[Any, Any, Any]) -> Response[Any]:
    """Let brackets begin at other numbers of followers."""
    form = await Form.of(request)
    try:
        async with transaction() as connection:
            await set_brackets(connection, limits_of(form.value("limits")), **_by(request))
    except BracketsRefused as refused:
        form.wrong("limits", str(refused))
        return await _page(request, Form(), brackets=form, status=422)
    return back("/hr/seasons", Said.BRACKETS_SET)


def limits_of(text: str) -> list[int]:
    """Numbers as people write them: "500, 5,000" or "500 5.000". Raises BracketsRefused. Pure."""
    words = [_GROUPED.sub("", word) for word in _APART.split(text.strip()) if word]
    if not all(word.isascii() and word.isdecimal() and len(word) < 14 for word in words):
        raise BracketsRefused("Write numbers of followers, such as 500 5,000.")
    return [int(word) for word in words]


async def refuse_while_counted(connection: Connection, field: str) -> None:
    """Raises SeasonRefused while a published contest counts by seasons."""
    if names := await counted_by_season(connection):
        raise SeasonRefused(
            field,
            f"“{names[0]}” counts by seasons and is not decided yet; seasons stand still until then.",
        )


def day_of(form: Form, field: str) -> date | None:
    """A day as a form has it."""
    try:
        day = date.fromisoformat(form.value(field))
    except ValueError:
        form.wrong(field, "Choose a day.")
        return None
    if not 2000 <= day.year < 2900:
        form.wrong(field, "Choose a day of these years.")
    return day


def _by(request: Request[Any, Any, Any]) -> dict[str, Any]:
    zone = request.app.state.settings.timezone
    return {"by": viewer_of(request).person_id, "now": datetime.now(UTC), "zone": zone}


async def _page(
    request: Request[Any, Any, Any],
    form: Form,
    *,
    changed: tuple[int, Form] | None = None,
    brackets: Form | None = None,
    status: int = 200,
) -> Response[Any]:
    zone = request.app.state.settings.timezone
    today = starts_on(Period.DAY, datetime.now(UTC), zone)
    async with transaction(readonly=True) as connection:
        found = await seasons(connection)
        stand = await brackets_on(connection, today)
        coming = await brackets_on(connection, today + timedelta(days=1))
    rows = [
        {
            "season": one,
            "begun": one.starts_on <= today,
            "over": one.ends_on < today,
            "form": changed[1]
            if changed and changed[0] == one.id
            else Form({"last": one.ends_on.isoformat()}),
        }
        for one in found
    ]
    begins = " ".join(f"{one.at_least:,}" for one in coming[1:])
    context = {
        "rows": rows,
        "form": form,
        "brackets": [in_words(one) for one in stand],
        "coming": [in_words(one) for one in coming] if coming != stand else None,
        "limits": brackets or Form({"limits": begins}),
    }
    return page(request, "hr/seasons.html", context, status=status)


HANDLERS: Final = (every_season, add, change, rebracket)
