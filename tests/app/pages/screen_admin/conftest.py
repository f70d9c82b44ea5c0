"""An administrator's browser, and televisions that wait to be paired."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

import asyncpg
import pytest
from httpx import AsyncClient, Response
from litestar import Litestar
from redis.asyncio import Redis

from app.screens.pairing import begin
from app.screens.screens import Screen, screens
from app.screens.setting import Setting
from tests.app.pages.company import Company
from tests.app.pages.conftest import As

FIELDS = {
    "name": "Canteen", "place": "Lisbon", "audience": "staff", "playlist": "", "language": "en",
    "look": "dark", "rests_from": "", "rests_until": "",
}  # fmt: skip


@dataclass
class Desk:
    """The administrator at a browser."""

    browser: AsyncClient
    person_id: int
    connection: asyncpg.Connection
    redis: Redis

    async def page(self, path: str) -> str:
        """A page that must be there."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def send(
        self,
        path: str,
        values: dict[str, str] | list[tuple[str, str]] | None = None,
        *,
        file: bytes | None = None,
        htmx: str | None = None,
    ) -> Response:
        """Send a form of these pages."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', await self.page("/admin/screens"))
        assert token
        fields = list(values.items()) if isinstance(values, dict) else list(values or [])
        data: dict[str, str | list[str]] = {"_csrf_token": token[1]}
        for name, value in fields:
            held = data.get(name)
            data[name] = (
                value if held is None else [*([held] if isinstance(held, str) else held), value]
            )
        files = None if file is None else {"file": ("party.png", file, "image/png")}
        headers = {"HX-Request": "true", "HX-Target": htmx} if htmx else None
        return await self.browser.post(path, data=data, files=files, headers=headers)

    async def pair(self, **fields: str) -> Response:
        """A television shows a code, and it is typed."""
        code = (await begin(self.redis, "192.0.2.7", datetime.now(UTC))).code
        return await self.send("/admin/screens/pair", {**FIELDS, "code": code, **fields})

    async def screen(self, **fields: str) -> int:
        """A paired screen's id."""
        answer = await self.pair(**fields)
        assert answer.status_code == 303, answer.text
        return int(answer.headers["location"].rsplit("/")[-1])

    async def playlist(self, name: str = "Canteen", begun: str = "standard") -> int:
        """A new playlist's id."""
        answer = await self.send("/admin/screens/playlists", {"name": name, "from": begun})
        assert answer.status_code == 303, answer.text
        return int(answer.headers["location"].rsplit("/")[-1])

    async def screens(self) -> list[Screen]:
        """All screens there are."""
        return await screens(self.connection)


@pytest.fixture
async def desk(
    application: Litestar, connection: asyncpg.Connection, company: Company, signed_in: As
) -> Desk:
    """An administrator's browser."""
    person_id = await company.person("Adele of IT", role="administrator")
    return Desk(await signed_in(person_id), person_id, connection, application.state.redis)


def fields_of(html: str) -> list[tuple[str, str]]:
    """What a browser would send of the playlist's form, in its order, without a button."""
    form = html[html.index('<form id="slides-form"') :]
    form = form[: form.index("</form>")]
    found = []
    for tag in re.finditer(
        r"<input ([^>]*)>|<select [^>]*name=\"([^\"]+)\"[^>]*>(.*?)</select>"
        r"|<textarea [^>]*name=\"([^\"]+)\"[^>]*>(.*?)</textarea>",
        form,
        re.S,
    ):
        if tag[2]:
            values = re.findall(r'<option value="([^"]*)"( selected)?', tag[3])
            value = next((value for value, chosen in values if chosen), values[0][0])
            found.append((tag[2], unescape(value)))
        elif tag[4]:
            found.append((tag[4], unescape(tag[5])))
        else:
            about = dict(re.findall(r'([a-z]+)="([^"]*)"', tag[1]))
            if about.get("type") != "checkbox" or " checked" in tag[1]:
                found.append((about["name"], unescape(about.get("value", ""))))
    return [(name, value) for name, value in found if name != "_csrf_token"]


def beside(html: str, id: str) -> str | None:
    """What stands beside a field, or None."""
    found = re.search(rf'id="{id}-error"[^>]*>([^<]+)<', html)
    return unescape(found[1]) if found else None


def setting(**fields: object) -> Setting:
    """A setting with what matters for a test."""
    return Setting(**{"name": "Canteen", **fields})  # type: ignore[arg-type]
