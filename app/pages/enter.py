"""Coming in by a link: the demo's at one click, the others once, by choosing a password.

Law: opening a link for one use changes nothing, for mail scanners open links too; the form
uses it up.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.auth import links, passwords, sessions
from app.auth.credentials import set_password
from app.auth.links import Link
from app.database import transaction
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said

OVER: Final = "This link is over: it was used already or is too old. Ask for a new one."


@get("/enter/{token:str}")
async def enter_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """A demo link signs in; any other asks for a password first."""
    link = await valid(request, token)
    if link.purpose == "demo":
        response = back("/")
        await sessions.begin(request, response, link.person_id, datetime.now(UTC))
        return response
    return page(request, "enter/page.html", {"form": Form(), "link": link, "token": token})


@post("/enter/{token:str}")
async def enter(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Set the password, use the link up, sign in."""
    link = await valid(request, token)
    form = await Form.of(request)
    password = form.value("password")
    if password != form.value("again"):
        form.wrong("again", "The two are not the same.")
    try:
        passwords.fit(password, email=link.email, name=link.name)
    except passwords.PasswordUnfit as why:
        form.wrong("password", str(why))
    if not form.fine or link.purpose == "demo":
        context = {"form": form, "link": link, "token": token}
        return page(request, "enter/page.html", context, status=422)
    kept = await passwords.hashed(password)
    now = datetime.now(UTC)
    async with transaction() as connection:
        if not await links.use_up(connection, token, now):
            raise NotFoundException(OVER)
        await set_password(connection, link.person_id, kept, now)
    response = back("/join" if link.purpose == "invite" else "/admin", Said.OTHERS_OUT)
    await sessions.begin(request, response, link.person_id, now)
    return response


async def valid(request: Request[Any, Any, Any], token: str) -> Link:
    """Whom the link is for; 404 with words when it is over."""
    demo = request.app.state.settings.demo
    async with transaction(readonly=True) as connection:
        link = await links.look_up(connection, token, datetime.now(UTC), demo=demo)
    if link is None:
        raise NotFoundException(OVER)
    return link


HANDLERS: Final = (enter_page, enter)
