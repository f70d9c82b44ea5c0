"""One handler a page: htmx gets the block it swaps, everybody else the page around it.

Law: the answer to htmx is a named block of the page's own template, never a second template.
The block is found by the element htmx asks for: `hx-target="#me-accounts"` is answered by
`{% block me_accounts %}`, whose root element carries that id.
"""

from __future__ import annotations

from typing import Any, Final

from jinja2 import Environment, Template
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Redirect
from litestar.utils.scope.state import ScopeState
from markupsafe import Markup, escape

from app.pages.said import SAID_COOKIE, SENTENCES, Said

# A page says what this person may see at this moment: nobody in between may keep it, and one
# address has two answers.
SHELL: Final = "layout.html"
HEADERS: Final = {"Cache-Control": "private, no-store", "Vary": "HX-Request, HX-Target, Cookie"}


def page(
    request: Request[Any, Any, Any],
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> Response[str]:
    """Answer with a page, or with the block of it that htmx asked for."""
    found = environment(request).get_template(template)
    said = request.cookies.get(SAID_COOKIE)
    values = {**about(request), "toast": SENTENCES.get(said or ""), **(context or {})}
    block = wanted(request, found)
    if block is None:
        body = found.render(values)
    else:
        inner = found.new_context(values)
        body = "".join(found.blocks[block](inner)) + toast(values["toast"])
    response = Response(body, media_type=MediaType.HTML, status_code=status, headers=HEADERS)
    if said is not None:
        response.delete_cookie(SAID_COOKIE)
    return response


def back(path: str, said: Said | None = None) -> Redirect:
    """Go and look at a page after a form was accepted, and find there what happened in words.

    htmx follows the redirect by itself and gets the block it targets.
    """
    cookies = []
    if said is not None:
        cookies.append(
            Cookie(key=SAID_COOKIE, value=said.name, max_age=60, httponly=True, samesite="lax")
        )
    return Redirect(path, status_code=303, cookies=cookies)


def environment(request: Request[Any, Any, Any]) -> Environment:
    """The templates of the application that answers this request."""
    engine = request.app.template_engine
    assert engine is not None, "create_app sets a template engine"
    made: Environment = engine.engine
    return made


def about(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What every template may use: the request, who looks, and the form token."""
    token = ScopeState.from_scope(request.scope).csrf_token
    token = token if isinstance(token, str) else ""
    return {
        "request": request,
        "viewer": request.scope.get("user"),
        "toast": None,
        "csrf_input": Markup('<input type="hidden" name="_csrf_token" value="{}">').format(token),
    }


def wanted(request: Request[Any, Any, Any], template: Template) -> str | None:
    """The name of the block htmx asked for, if it did and the template has it."""
    headers = request.headers
    if headers.get("hx-request") != "true" or headers.get("hx-history-restore-request") == "true":
        return None
    name = headers.get("hx-target", "").replace("-", "_")
    # The shell's own blocks hold more than an element, and lean on the page around them.
    shell = environment(request).get_template(SHELL).blocks
    return name if name in template.blocks and name not in shell else None


def toast(words: str | None) -> str:
    """What happened, for a fragment: replaces the shell's toast beside whatever else is swapped."""
    if not words:
        return ""
    return f'<div class="toast" id="toast" role="status" hx-swap-oob="true">{escape(words)}</div>'
