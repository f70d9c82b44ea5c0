"""HR's browser, and awards that wait, in one database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient, Response

from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.rewards.payouts.scene import Scene, raise_scene


@dataclass
class Office:
    """Somebody of HR at a browser."""

    browser: AsyncClient
    person_id: int
    scene: Scene
    files: dict[str, Any] = field(default_factory=dict)

    async def page(self, path: str) -> str:
        """A page that must be there."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def send(
        self, path: str, values: dict[str, str], *, on: str, file: bytes | None = None
    ) -> Response:
        """Fill in a form that stands on a page."""
        token = re.search(r'name="_csrf_token" value="([^"]+)"', await self.page(on))
        assert token
        files = None if file is None else {"file": ("paid.csv", file, "text/csv")}
        data = {"_csrf_token": token[1], **values}
        return await self.browser.post(path, data=data, files=files)


@pytest.fixture
async def office(connection: asyncpg.Connection, company: Company, signed_in: As) -> Office:
    """HR with €10,000 and 20 days set aside for a decided contest."""
    scene = await raise_scene(connection)
    return Office(await signed_in(scene.hr), scene.hr, scene)


def beside(html: str, name: str) -> str | None:
    """What stands beside a field, or None."""
    found = re.search(rf'id="{name}-error">([^<]+)<', html)
    return found[1] if found else None
