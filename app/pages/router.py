"""All pages, found by name: a module in this folder that has `HANDLERS` is a page.

Law: sessions and form tokens exist here and nowhere else; webhooks, health and live updates pass
neither.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from litestar import Router
from litestar.config.csrf import CSRFConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware

import app.pages
from app.auth.sessions import SessionMiddleware
from app.headers import page_headers
from app.outside import is_outside
from app.settings import Settings


def pages(settings: Settings) -> Router:
    """The router with every page, its session and its protection against forged forms."""
    return _router(settings, handlers())


def outside_pages(settings: Settings) -> Router:
    """The router with those pages alone that the internet may reach."""
    reached = [one for one in handlers() if all(is_outside(path) for path in one.paths)]
    return _router(settings, reached)


def _router(settings: Settings, found: list[Any]) -> Router:
    tokens = CSRFConfig(
        secret=settings.require_secret_key(),
        cookie_name="fanfare_form",
        cookie_httponly=True,  # the page carries the token itself, in its forms
        cookie_secure=settings.base_url.startswith("https://"),
        cookie_samesite="lax",
    )
    return Router(
        path="/",
        route_handlers=found,
        middleware=[
            DefineMiddleware(CSRFMiddleware, config=tokens),
            DefineMiddleware(SessionMiddleware),
        ],
        response_headers=page_headers(settings.base_url, settings.live_url),
        include_in_schema=False,
    )


def handlers() -> list[Any]:
    """The handlers of all pages; a page that names none is a mistake and says so."""
    found: list[Any] = []
    for module in pkgutil.iter_modules(app.pages.__path__):
        page = import_module(f"app.pages.{module.name}")
        if hasattr(page, "HANDLERS"):
            if not page.HANDLERS:
                raise RuntimeError(f"{page.__name__}.HANDLERS names no handler.")
            found.extend(page.HANDLERS)
    return found
