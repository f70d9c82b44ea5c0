"""Signing in by e-mail and password, and signing out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Request, Response, get, post

from app.auth import attempts, sessions
from app.auth.client_address import client_address
from app.auth.credentials import person_with
from app.pages.form import Form
from app.pages.fragment import back, page
from app.pages.said import Said

WRONG: Final = "E-mail address and password do not belong together."
TOO_MANY: Final = "Too many tries. Wait a quarter of an hour, then try again."


@get("/sign-in")
async def sign_in_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """The form; somebody who is signed in already goes on."""
    wanted = safe_path(request.query_params.get("next", ""))
    if request.scope.get("user") is not None:
        return back(wanted)
    return page(request, "sign-in/page.html", {"form": Form({"next": wanted})})


@post("/sign-in")
async def sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Check the password, begin a session under a new id, go where the person wanted to."""
    form = await Form.of(request)
    email = form.text("email", ask="Type your work e-mail address.", most=320)
    password = form.value("password")
    if not password:
        form.wrong("password", "Type your password.")
    status = 422
    if form.fine:
        address = client_address(
            request.client.host if request.client else None,
            request.headers.getall("x-forwarded-for", []),
            request.app.state.settings.trusted_proxies,
        )
        redis = request.app.state.redis
        if not await attempts.may_try(redis, email, address):
            form.wrong("password", TOO_MANY)
            status = 429
        elif (person_id := await person_with(email, password)) is None:
            form.wrong("password", WRONG)
        else:
            await attempts.forget(redis, email)
            response = back(safe_path(form.value("next")))
            await sessions.begin(request, response, person_id, datetime.now(UTC))
            return response
    return page(request, "sign-in/page.html", {"form": form}, status=status)


@post("/sign-out")
async def sign_out(request: Request[Any, Any, Any]) -> Response[Any]:
    """End the session; nothing happens to somebody who has none."""
    response = back("/sign-in", Said.SIGNED_OUT)
    await sessions.end(request, response)
    return response


def safe_path(wanted: str) -> str:
    """A path on this server, or the leaderboard: nobody may be sent elsewhere by our form."""
    fine = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if fine and wanted.isprintable() and "\\" not in wanted else "/"


HANDLERS: Final = (sign_in_page, sign_in, sign_out)
