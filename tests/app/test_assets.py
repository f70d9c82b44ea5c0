"""Static files: what is there, and what is asked for that cannot be."""

from __future__ import annotations

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar

from app import assets


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("fanfare.css", 200),
        ("nowhere.css", 404),
        ("%00", 404),
        ("a" * 5000, 404),
        ("..%2fassets.py", 404),
        ("%2e%2e/assets.py", 404),
        ("/etc/passwd", 404),
    ],
)
async def test_a_file_is_sent_or_is_not_there_and_never_an_error_of_ours(
    name: str, status: int
) -> None:
    application = Litestar(route_handlers=[assets.router()])
    async with AsyncClient(
        transport=ASGITransport(app=application), base_url="http://fanfare.test"
    ) as client:
        answer = await client.get(assets.address(name))
    assert answer.status_code == status, answer.text
    assert "def router" not in answer.text
