"""A small demo company, served by the real processes: web, live and worker."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx

from app.processes.children import Children
from app.settings import Settings
from scoring import follow
from seeds.demo import sign_in_links
from seeds.filling import fill
from seeds.installation import prepare
from seeds.personas import PERSONAS
from seeds.signing import sign
from tests.ports import free_ports

READY_TIMEOUT_S = 60.0
T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """Where it is, how to get in, and how the networks reach it."""

    settings: Settings
    ways_in: dict[str, str]  # persona's key → address that signs in
    children: Children

    @property
    def address(self) -> str:
        """The pages' address, without a slash at the end."""
        return self.settings.base_url

    def restart_pages(self) -> None:
        """End the process that serves the pages, and start it again."""
        self.children.stop("serve")
        self.children.start("serve")
        _wait_for(f"{self.address}/health/ready", self.children)

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        """Send a signed delivery to the installation's own webhook, as a company's system does."""
        now = datetime.now(UTC)
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}).encode()
        keys = self.settings.secrets_of("standard")
        headers = sign("standard", body, keys, now, f"msg_{secrets.token_hex(8)}")
        answer = httpx.post(f"{self.address}/webhooks/standard", content=body, headers=headers)
        assert answer.is_success, answer.text

    def answers(self, email: str, count: int) -> None:
        """So many new people answer a new post of this person."""
        network, author = self.account_of(email)
        post = f"post-{secrets.token_hex(6)}"
        text = f"A pump, a roof and ten degrees below zero. {self.settings.disclosure_tag}"
        about = {"platform": network}
        self.tell("post.published", {**about, "id": post, "author": author, "text": text})
        for number in range(count):
            self.tell(
                "engagement.recorded",
                {
                    **about,
                    "kind": "reply",
                    "id": f"{post}-{number}",
                    "actor": f"visitor-{secrets.token_hex(6)}",
                    "target": author,
                    "post": post,
                },
            )

    def account_of(self, email: str) -> tuple[str, str]:
        """Network and native id of one of a person's accounts."""
        row = self.ask(
            """select account.platform, account.native_id from ownership
               join account on account.id = ownership.account_id
               join profile using (person_id) where email = $1 limit 1""",
            email,
        )
        return row["platform"], row["native_id"]

    def ask(self, query: str, *arguments: object) -> Any:
        """One row of the database."""

        async def row() -> Any:
            connection = await asyncpg.connect(self.settings.require_database_url())
            try:
                return await connection.fetchrow(query, *arguments)
            finally:
                await connection.close()

        return apart(row())


@contextmanager
def world(
    directory: Path,
    database_url: str,
    redis_url: str,
    *,
    people: int = 48,
    days: int = 9,
    with_contests: bool = False,
) -> Iterator[World]:
    """Fill a migrated database with a company and serve it, for as long as the context lasts."""
    demo = prepare(directory, seed=7, people=people, days=days)
    port, live_port = free_ports(2)
    settings = replace(
        Settings.from_environment({}, data_dir=directory),
        database_url=database_url,
        redis_url=redis_url,
        port=port,
        live_port=live_port,
        base_url=f"http://127.0.0.1:{port}",
        live_url=f"http://127.0.0.1:{live_port}",
        demo=True,
    )
    quiet = fill(
        settings,
        people=people,
        days=days,
        seed=7,
        tell=lambda *_: None,
        with_contests=with_contests,
    )
    apart(quiet)
    follow(())  # other tests of this process have no season
    links = apart(sign_in_links(settings, demo))
    children = Children(settings.to_environment(), directory)
    try:
        for role in ("worker", "live", "serve"):
            children.start(role)
        for served in (port, live_port):
            _wait_for(f"http://127.0.0.1:{served}/health/ready", children)
        yield World(settings, {persona.key: address for persona, address in links}, children)
    finally:
        children.end()


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a thread of its own: Playwright's loop runs on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _wait_for(address: str, children: Children) -> None:
    until = time.monotonic() + READY_TIMEOUT_S
    words = ""
    while time.monotonic() < until:
        children.check()
        try:
            answer = httpx.get(address, timeout=3)
        except httpx.HTTPError as not_yet:
            words = repr(not_yet)
        else:
            if answer.is_success:
                return
            words = answer.text[:300]
        time.sleep(0.1)
    raise TimeoutError(f"{address} did not become ready: {words}")


EMAILS = {persona.key: persona.email for persona in PERSONAS}
