"""`/admin/time-zone`: the company's time zone, and from which midnight on another one.

Laws: what would change is shown before it is set; nothing that is counted moves; a change that has not begun
can be taken back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.auth.guards import has_role, viewer_of
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.settings import Settings
from scoring import (
    ZoneForeseen,
    ZoneRefused,
    first_days_offered,
    foresee_zone,
    keep_zones,
    read_zone,
    set_zone,
    take_back_zone,
    zone_changes,
)

GUARDS: Final = [has_role("administrator")]
MOST_ID: Final = 2**31 - 1


@get("/admin/time-zone", guards=GUARDS)
async def time_zone(request: Request[Any, Any, Any]) -> Response[Any]:
    """The zone that holds, those before it and the one to come, and a form."""
    return await _page(request, Form())


@post("/admin/time-zone", guards=GUARDS)
async def change(request: Request[Any, Any, Any]) -> Response[Any]:
    """Show what a change would do; with a tick, set it."""
    form = await Form.of(request)
    to, first_day = _zone(form), _day(form)
    settings: Settings = request.app.state.settings
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    foreseen: ZoneForeseen | None = None
    if form.fine and to is not None and first_day is not None:
        shown = f"{to.key} {first_day}"
        try:
            async with transaction() as connection:
                foreseen = await foresee_zone(
                    connection, to, first_day, setting=settings.timezone_at_first, now=now
                )
                if form.ticked("sure") and form.value("shown") == shown:
                    await set_zone(
                        connection,
                        to,
                        first_day,
                        setting=settings.timezone_at_first,
                        by=by,
                        now=now,
                    )
                    await keep_zones(connection)
                    return back("/admin/time-zone", Said.ZONE_SET)
        except ZoneRefused as refused:
            form.wrong(refused.field, str(refused))
        if foreseen is not None and form.value("shown") == shown:
            form.wrong("sure", "Please confirm that the clock changes.")
    return await _page(request, form, foreseen=foreseen, status=200 if form.fine else 422)


@post("/admin/time-zone/{change_id:int}/take-back", guards=GUARDS)
async def take_back(request: Request[Any, Any, Any], change_id: FromPath[int]) -> Response[Any]:
    """Take back a change that has not begun."""
    by, now, form = viewer_of(request).person_id, datetime.now(UTC), Form()
    try:
        async with transaction() as connection:
            await take_back_zone(connection, min(change_id, MOST_ID), by=by, now=now)
            await keep_zones(connection)
    except ZoneRefused as refused:
        form.wrong("zone", str(refused))
        return await _page(request, form, status=422)
    return back("/admin/time-zone", Said.ZONE_TAKEN_BACK)


def _zone(form: Form) -> ZoneInfo | None:
    try:
        return read_zone(form.value("zone").replace("\x00", ""))
    except ValueError as wrong:
        form.wrong("zone", str(wrong))
        return None


def _day(form: Form) -> date | None:
    try:
        day = date.fromisoformat(form.value("first_day").strip())
    except ValueError:
        form.wrong("first_day", "Choose a day.")
        return None
    if not 2000 <= day.year < 2900:
        form.wrong("first_day", "Choose a day of these years.")
        return None
    return day


async def _page(
    request: Request[Any, Any, Any],
    form: Form,
    *,
    foreseen: ZoneForeseen | None = None,
    status: int = 200,
) -> Response[Any]:
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    async with transaction(readonly=True) as connection:
        await keep_zones(connection)
        changes = await zone_changes(connection)
    zone = settings.timezone
    longer_s = 0 if foreseen is None else int(foreseen.longer.total_seconds())
    context = {
        "zone": zone.key,
        "local": now.astimezone(zone),
        "setting": settings.timezone_at_first.key,
        "first": None if not changes else changes[0].zone,
        "later": [
            {"change": one, "begun": one.from_at <= now, "local": one.from_at.astimezone(zone)}
            for one in changes[1:]
        ],
        "earliest": first_days_offered(settings.timezone_at_first, now)[0],
        "form": form,
        "foreseen": foreseen,
        "minutes": abs(longer_s) // 60,
        "is_longer": longer_s > 0,
    }
    return page(request, "admin/time_zone.html", context, status=status)


HANDLERS: Final = (time_zone, change, take_back)
