"""Somebody with a browser without JavaScript: follows redirects, keeps cookies, sends forms whole."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import httpx
from litestar import Litestar

from tests.app.people.social import Social


class Visitor(httpx.AsyncClient):
    """A client of the application itself; no server in between."""

    def __init__(self, application: Litestar, social: Social | None = None) -> None:
        self.social = social  # where their accounts are
        transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
        super().__init__(transport=transport, base_url="http://fanfare.test", follow_redirects=True)

    async def send_form(self, page: str, action: str, **values: str) -> httpx.Response:
        """Open `page`, take its token, send a form to `action`."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', (await self.get(page)).text)
        assert token, f"{page} has no form"
        return await self.post(action, data={"_csrf_token": token[1], **values})

    async def show(self, claim: httpx.Response) -> httpx.Response:
        """Show that a named account is one's own: put the code into the bio there, have it looked at."""
        assert self.social is not None, "somebody without a server has no account"
        where = urlsplit(str(claim.url)).path
        code = re.search(r'id="code"[^>]*>([^<]+)<', claim.text)
        handle = re.search(r"@?([a-z0-9_]+)@social\.example", claim.text)
        assert code, f"{where} shows no code"
        assert handle, f"{where} names no account of social.example"
        self.social.bios[handle[1]] = f"<p>I write. {code[1]}</p>"
        return await self.send_form(where, f"{where}/look")

    async def sign_in(self, email: str, password: str) -> httpx.Response:
        """Sign in as a person would."""
        return await self.send_form("/sign-in", "/sign-in", email=email, password=password)


def path(response: httpx.Response) -> str:
    """Where a visitor ended up."""
    return urlsplit(str(response.url)).path


def error_beside(response: httpx.Response, field: str) -> str | None:
    """What stands beside a field, or None."""
    found = re.search(rf'id="{field}-error">([^<]+)<', response.text)
    return found[1] if found else None


def values(rows: Any) -> list[Any]:
    """The first column of rows."""
    return [row[0] for row in rows]
