"""`/admin/screens/pair` and `/admin/screens/add`: a screen by its code, or by an address.

Laws: a code serves once, and a wrong, an old and a used one are answered alike; a form sent twice in
the same moment (a double click) makes one screen.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post

from app.auth.guards import has_role, viewer_of
from app.database import Connection, transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said
from app.pages.screen_admin.one_screen import show_screen
from app.pages.screen_admin.settings import choices, setting_of
from app.screens.pairing import take
from app.screens.screens import add_screen
from app.screens.setting import Setting
from rewards import Refused

GUARDS: Final = [has_role("administrator")]
DOUBLE_CLICK: Final = timedelta(seconds=5)
LONGEST_CODE: Final = 40
# Public shows less, so it is what stands there before anybody chose.
USUAL: Final = {"audience": "public", "language": "en", "look": "dark"}
NO_SUCH_CODE: Final = (
    "No screen shows this code now. A code serves once and lasts ten minutes: "
    "type the one that stands on the screen."
)
# As a number, so that no other program's advisory lock is ours; the second part is the person.
_ONE_AT_A_TIME: Final = 0x73637265


@get("/admin/screens/pair", guards=GUARDS)
async def by_code(request: Request[Any, Any, Any]) -> Response[Any]:
    """The form; the code is typed already where it came by the QR of the screen, or by a link that
    somebody sent, which it warns of."""
    code = request.query_params.get("code", "")[:LONGEST_CODE]
    form = Form({**USUAL, "code": code.replace("\x00", "")})
    return await _form(request, form, linked=bool(code))


@post("/admin/screens/pair", guards=GUARDS)
async def pair(request: Request[Any, Any, Any]) -> Response[Any]:
    """Give the screen that shows this code its name, its place and its key."""
    form = await Form.of(request)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    secret_key = request.app.state.settings.require_secret_key()
    code = form.text("code", ask="Type the code that stands on the screen.", most=LONGEST_CODE)
    try:
        async with transaction() as connection:
            setting = setting_of(form, await choices(connection))
            if not form.fine:
                raise Refused("Something in the form is wrong.")
            twin = await just_added(connection, setting, by, now)
            if twin is not None:
                return back(f"/admin/screens/{twin}", Said.SCREEN_PAIRED)
            pairing = await take(request.app.state.redis, code, by)
            if pairing is None:
                raise Refused(NO_SUCH_CODE, field="code")
            screen = await add_screen(
                connection, setting, pairing_sha256=pairing, by=by, secret_key=secret_key, now=now
            )
    except Refused as refused:
        if form.fine:
            form.wrong(refused.field or "code", str(refused))
        return await _form(request, form, status=422)
    return back(f"/admin/screens/{screen.id}", Said.SCREEN_PAIRED)


@get("/admin/screens/add", guards=GUARDS)
async def by_address(request: Request[Any, Any, Any]) -> Response[Any]:
    """The form for a player that is given an address and can show no code."""
    return await _form(request, Form(USUAL), by_address=True)


@post("/admin/screens/add", guards=GUARDS)
async def add(request: Request[Any, Any, Any]) -> Response[Any]:
    """Make a screen and show its address."""
    form = await Form.of(request)
    by, now = viewer_of(request).person_id, datetime.now(UTC)
    secret_key = request.app.state.settings.require_secret_key()
    async with transaction() as connection:
        setting = setting_of(form, await choices(connection))
        if not form.fine:
            added = None
        elif (twin := await just_added(connection, setting, by, now)) is not None:
            added = twin
        else:
            screen = await add_screen(
                connection, setting, pairing_sha256=None, by=by, secret_key=secret_key, now=now
            )
            added = screen.id
    if added is None:
        return await _form(request, form, by_address=True, status=422)
    return await show_screen(request, added, with_address=True)


async def just_added(
    connection: Connection, setting: Setting, by: int, now: datetime
) -> int | None:
    """The screen this person added a moment ago with the same settings; waits for one under way."""
    await connection.execute("select pg_advisory_xact_lock($1, $2)", _ONE_AT_A_TIME, by % 2**31)
    found: int | None = await connection.fetchval(
        """select s.id from screen s join screen_setting t on t.screen_id = s.id
           where s.person_id = $1 and s.recorded_at > $2 and t.body = $3::jsonb
           order by s.id desc limit 1""",
        by,
        now - DOUBLE_CLICK,
        msgspec.json.encode(setting).decode(),
    )
    return found


async def _form(
    request: Request[Any, Any, Any],
    form: Form,
    *,
    by_address: bool = False,
    linked: bool = False,
    status: int = 200,
) -> Response[Any]:
    async with transaction(readonly=True) as connection:
        offered = await choices(connection)
    context = {
        "form": form,
        "choices": offered,
        "by_address": by_address,
        "linked": linked,
        "address": f"{request.app.state.settings.base_url}/screens",
    }
    return page(request, "admin/screens/pair.html", context, status=status)


HANDLERS: Final = (by_code, pair, by_address, add)
