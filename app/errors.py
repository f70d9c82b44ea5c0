"""The one place where errors become answers: a fragment for htmx, a page for people, a problem
document (RFC 9457) for programs. Errors from further in carry data and words, never HTTP."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from app.auth.guards import NotSignedIn
from app.headers import page_headers
from app.pages.fragment import about, environment, toast
from app.screens.key import without_key

_log = structlog.get_logger(__name__)

# What a person is told; anything not listed keeps the words of its own.
WORDS: Final = {
    400: ("That did not work", "The address or the form had something in it we cannot use."),
    403: ("Not for you", "This page is for people with another role."),
    404: ("Nothing here", "There is no page at this address."),
    405: ("That did not work", "This address cannot be used that way."),
    413: ("Too large", "What you sent is larger than we take."),
    429: ("Too many tries", "Please wait a few minutes, then try again."),
    500: ("Something broke", "It is our fault, not yours. It was written down; please try again."),
}
PROGRAMS: Final = ("/webhooks", "/api", "/scim", "/health", "/metrics", "/live")


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Turn any error into what this asker can use."""
    if isinstance(error, NotSignedIn):
        return to_sign_in(request)
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status >= HTTP_500_INTERNAL_SERVER_ERROR:
        _log.error("request failed", path=without_key(request.url.path), exc_info=error)
    title, detail = WORDS.get(status, ("That did not work", ""))
    if isinstance(error, HTTPException) and status < 500 and said_by_us(error):
        detail = error.detail
    if for_program(request):
        return problem(status, title, detail, request.url.path)
    if request.headers.get("hx-request") == "true":
        return Response(
            toast(f"{title}. {detail}"),
            media_type=MediaType.HTML,
            status_code=status,
            headers={**headers(request), "HX-Reswap": "none"},
        )
    return error_page(request, status, title, detail)


def said_by_us(error: HTTPException) -> bool:
    """Whether the error carries a sentence for people, not the framework's."""
    return not isinstance(error, ValidationException) and error.detail.endswith(".")


def for_program(request: Request[Any, Any, Any]) -> bool:
    """Whether a program asks: by the door it came through, or by what it accepts."""
    if request.url.path.startswith(PROGRAMS):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "html" not in accept


def problem(status: int, title: str, detail: str, instance: str) -> Response[bytes]:
    """A problem document, RFC 9457 section 3."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    content = json.dumps({**body, "instance": instance}).encode()
    return Response(content, media_type="application/problem+json", status_code=status)


def to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """Send somebody without a session to the sign-in page, and back here afterwards."""
    if for_program(request):
        return problem(401, "Not signed in", "Sign in first.", request.url.path)
    wanted = request.url.path if request.method == "GET" else "/"
    if request.url.query and request.method == "GET":
        wanted += f"?{request.url.query}"
    place = "/sign-in" if wanted == "/" else "/sign-in?" + urlencode({"next": wanted})
    if request.headers.get("hx-request") == "true":
        return Response("", status_code=401, headers={"HX-Redirect": "/sign-in"})
    return Response("", status_code=303, headers={**headers(request), "Location": place})


def headers(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The headers of a page that no page's handler made; nobody keeps a copy of it."""
    settings = request.app.state.settings
    return {**page_headers(settings.base_url, settings.live_url), "Cache-Control": "no-store"}


def error_page(
    request: Request[Any, Any, Any], status: int, title: str, detail: str
) -> Response[str]:
    """The error in the shell of every page, with one way out."""
    viewer = request.scope.get("user")
    way_out = ("/", "To the leaderboard") if viewer else ("/sign-in", "Sign in")
    body = (
        environment(request)
        .get_template("error/page.html")
        .render(
            {
                **about(request),
                "title": title,
                "detail": detail,
                "way_out": way_out[0],
                "way_out_words": way_out[1],
            }
        )
    )
    return Response(body, media_type=MediaType.HTML, status_code=status, headers=headers(request))
