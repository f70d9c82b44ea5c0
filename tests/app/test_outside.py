"""The second listener: what must be reached from outside, and nothing else of Fanfare whatever is asked."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from app.asgi import create_app, create_outside
from app.outside import PREFIXES, is_outside
from app.settings import Settings
from scoring import Secrets
from seeds.signing import sign
from tests.ports import free_ports

FILLED = {"int": "1", "str": "x", "uuid": "00000000-0000-0000-0000-000000000001"}
OLD, NEW = "the-old-secret-which-is-long", "the-new-secret-which-is-long"
BODY = b'{"event": "status.created", "n": %d}'
PATIENCE_S = 150.0  # several processes start, on a machine that may be busy


def addresses(settings: Settings) -> set[str]:
    """Every address of the whole application, its places filled in."""
    found = set()
    for route in create_app(settings).routes:
        path = re.sub(r"\{[^}:]+:(\w+)\}", lambda place: FILLED.get(place[1], "x"), route.path)
        found.add(path)
    return found


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    return Settings(
        database_url=database_url, redis_url=redis_url, secret_key="k" * 40, demo=True
    ).with_secrets("mastodon", secret=OLD, server="social.example")


TRICKS = (
    "//admin", "/webhooks", "/s", "/oauth", "/webhooksx", "/static/fanfare.css", "/.", "", "/schema",
    "/%77ebhooks/x", "/WEBHOOKS/x", "/admin/../webhooks/x", "/me?x=/webhooks/", "/;/webhooks/x",
)  # fmt: skip


async def test_every_address_of_fanfare_is_nothing_outside_but_those_that_must_be_reached(
    settings: Settings,
) -> None:
    outside = create_outside(settings)
    known = addresses(settings)
    assert len(known) > 100
    async with (
        outside.lifespan(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=outside), base_url="http://fanfare.test"
        ) as client,
    ):
        for address in sorted(known) + list(TRICKS):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
                answer = await client.request(method, address)
                path = httpx.URL("http://fanfare.test").join(address or "/").path
                if not is_outside(path):
                    assert answer.status_code == 404, (method, address)
                    assert answer.text in ("", "There is nothing here."), (method, address)
                    assert "set-cookie" not in answer.headers
        # What begins like an address outside leads nowhere else either.
        for address in ("/webhooks/../admin", "/s/../admin", "/oauth/../admin", "/oauth/%2e%2e/me"):
            request = client.build_request("GET", "http://fanfare.test/")
            request.url = request.url.copy_with(raw_path=address.encode())
            assert (await client.send(request)).status_code == 404, address
        # And what must be reached is.
        body = BODY % 0
        headers = sign("mastodon", body, Secrets({"secret": (OLD,)}), datetime.now(UTC), "m")
        taken = await client.post("/webhooks/mastodon", content=body, headers=headers)
        assert (taken.status_code, taken.content) == (200, b"{}")
        assert (await client.get("/s/none-such")).text.startswith("There is no such link.")
        back = sorted(address for address in known if address.startswith("/oauth/"))
        assert back
        for address in back:
            answer = await client.get(address)
            assert answer.status_code < 500, (address, answer.text)


def test_what_is_reached_from_outside_is_three_kinds_of_addresses(settings: Settings) -> None:
    assert PREFIXES == ("/webhooks/", "/s/", "/oauth/")
    reached = {route.path for route in create_outside(settings).routes}
    assert all(is_outside(path) for path in reached), reached
    assert reached == {path for path in addresses_raw(settings) if is_outside(path)}


def addresses_raw(settings: Settings) -> set[str]:
    return {route.path for route in create_app(settings).routes}


# The real processes ---------------------------------------------------------------------------------


@contextmanager
def served(
    database_url: str, redis_url: str, folder: Path, secret: str
) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """`fanfare serve` with both listeners, its settings in a file."""
    inside, outside = free_ports(2)
    write(folder, database_url, redis_url, inside, outside, secret)
    environment = {name: value for name, value in os.environ.items() if "FANFARE" not in name}
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "serve"],
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=folder,
    )
    try:
        for port, path in ((inside, "/health/live"), (outside, "/s/none-such")):
            until(lambda port=port, path=path: get(port, path).status_code in (200, 404))  # type: ignore[misc]
        yield process, inside, outside
    finally:
        process.terminate()
        process.wait(timeout=30)


def write(
    folder: Path, database_url: str, redis_url: str, inside: int, outside: int, secret: str
) -> None:
    (folder / "fanfare.env").write_text(
        f"FANFARE_DATABASE_URL={database_url}\nFANFARE_REDIS_URL={redis_url}\n"
        f"FANFARE_DATA_DIR={folder}\nFANFARE_SECRET_KEY={'k' * 40}\nFANFARE_PORT={inside}\n"
        f"FANFARE_OUTSIDE_PORT={outside}\nFANFARE_MASTODON_SECRET={secret}\n"
        "FANFARE_MASTODON_SERVER=social.example\n"
    )


def get(port: int, path: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False, timeout=30)


def until(done: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + patience_s
    while True:
        try:
            if done():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def serving(pid: int) -> list[psutil.Process]:
    """The processes that answer: those below, with none below them."""
    below = psutil.Process(pid).children(recursive=True)
    return [one for one in below if not one.children()]


def deliver(port: int, number: int, secret: str) -> int:
    body = BODY % number
    headers = sign("mastodon", body, Secrets({"secret": (secret,)}), datetime.now(UTC), "m")
    address = f"http://127.0.0.1:{port}/webhooks/mastodon"
    return httpx.post(
        address, content=body, headers=headers, trust_env=False, timeout=10
    ).status_code


async def counted(database_url: str) -> tuple[int, dict[str, int]]:
    connection = await asyncpg.connect(database_url)
    try:
        stored = await connection.fetchval("select count(*) from delivery")
        rows = await connection.fetch("select reason, times from refusal")
        return stored, {row["reason"]: row["times"] for row in rows}
    finally:
        await connection.close()


def test_wrong_settings_change_nothing_and_a_secret_is_replaced_without_losing_a_delivery(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    with served(database_url, redis_url, tmp_path, OLD) as (process, inside, outside):
        assert get(outside, "/health/live").status_code == 404
        assert get(outside, "/sign-in").status_code == 404
        assert get(inside, "/sign-in").status_code == 200
        assert deliver(inside, 1_000_000, OLD) == 200

        sent: list[int] = []
        answers: list[int] = []
        secret = [OLD]
        over = threading.Event()

        def network() -> None:
            """Sends without a pause and, as networks do, repeats what got no answer."""
            number = 0
            while not over.is_set():
                number += 1
                signed_with = secret[0]
                while True:
                    try:
                        answers.append(deliver(outside, number, signed_with))
                        break
                    except httpx.TransportError:
                        time.sleep(0.05)
                sent.append(number)

        sender = threading.Thread(target=network)
        sender.start()
        try:
            write(tmp_path, database_url, redis_url, inside, outside, f"{NEW} {OLD}")
            served_before = serving(process.pid)
            process.send_signal(signal.SIGHUP)
            # Both listeners' processes are replaced; the network changes over then.
            until(lambda: sum(one.is_running() for one in served_before) <= len(served_before) - 2)
            assert deliver(outside, 2_000_000, NEW) == 200
            secret[0] = NEW
            time.sleep(1)
        finally:
            over.set()
            sender.join()
        assert set(answers) == {200}
        assert len(sent) > 20
        for wrong in ("FANFARE_PORT=none\n", ""):
            (tmp_path / "fanfare.env").write_text(wrong)
            process.send_signal(signal.SIGHUP)
            time.sleep(1.5)  # what was noted is written once a second
            assert deliver(outside, 1_000_001, NEW) == 200
            assert process.poll() is None
            assert get(inside, "/health/live").status_code == 200
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
    stored, refused = asyncio.run(counted(database_url))
    assert stored >= len(sent)
    assert not refused
    assert not [child for child in children if child.is_running() and child.status() != "zombie"]
