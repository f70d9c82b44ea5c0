"""Laws of subscriptions: good by the hub's asking back alone, renewed in time, never lost in silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from app.going_out import Outside
from app.polls import subscriptions_shown
from app.polls.subscribing import Subscriptions
from app.settings import Settings
from app.webhooks import GroupCommit, Lane, Receiving, sources
from app.webhooks.hubs import Confirming
from scoring import unlink
from scoring.identity import account_id
from tests.app.going_out.server import Serving, answer, serving
from tests.app.polls.company import Clock, linked, settings

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CHANNEL = "UCpumpcoexample000000001"
SECRET = "a secret that hubs sign with"
LEASE_S = 432_000


@dataclass
class HubOfOurs(Serving):
    """A hub that keeps what it was asked for, and asks back as WebSub has it."""

    door: httpx.AsyncClient | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    at_once: bool = False  # asks back before it answers
    status: int = 202

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length: ")[2].split("\r\n")[0])
            form = dict(parse_qsl((await reader.readexactly(length)).decode()))
            self.asked.append(form)
            if self.at_once:
                assert (await self.ask_back()).status_code == 200
            writer.write(answer(self.status))
            await writer.drain()
        finally:
            writer.close()

    async def ask_back(self, mode: str | None = None, **more: str) -> httpx.Response:
        """The handshake about what it was asked for last."""
        assert self.door is not None
        form = self.asked[-1]
        callback = urlsplit(form["hub.callback"])
        told = {
            **{name: values[0] for name, values in parse_qs(callback.query).items()},
            "hub.mode": mode or form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "1158201444",
            "hub.lease_seconds": str(LEASE_S),
            **more,
        }
        return await self.door.get(callback.path, params=told)


@dataclass
class Scene:
    """A hub, our subscriptions, a clock."""

    hub: HubOfOurs
    ours: Subscriptions
    clock: Clock
    connection: Any

    async def round(self) -> None:
        """All that is due now."""
        for _ in range(3):
            await self.ours.tick(self.connection)
            if self.ours._under_way is not None:
                await asyncio.wait([self.ours._under_way])
        await self.ours.tick(self.connection)

    async def at(self, moment: datetime) -> None:
        """The same, at another moment."""
        self.clock.at = moment
        await self.round()

    async def row(self) -> Any:
        """The subscription."""
        return await self.connection.fetchrow("select * from subscription")


def told(origin: str, database_url: str) -> Settings:
    return settings(origin, database_url, youtube={"secret": SECRET, "hub": f"{origin}/subscribe"})


@pytest.fixture
async def scene(connection: Any, database_url: str) -> AsyncIterator[Scene]:
    """A company whose Ada has a channel."""
    await linked(connection, "youtube", CHANNEL)
    clock = Clock(NOW)
    async with serving(HubOfOurs()) as hub:
        made = told(hub.origin, database_url)
        async with door(made, database_url, clock) as client:
            hub.door = client
            ours = Subscriptions(made, Outside.of(made), clock, haste=1_000)
            yield Scene(hub, ours, clock, connection)
            await ours.close()


@asynccontextmanager
async def door(made: Settings, database_url: str, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """The webhooks of this installation."""
    commit = GroupCommit(Lane(database_url))
    commit.start()
    receiving = Receiving(sources(made), commit, confirming=Confirming(database_url), now=clock)
    transport = httpx.ASGITransport(app=receiving)  # type: ignore[arg-type]
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://fanfare.test") as client:
            yield client
    finally:
        await commit.close()


async def test_a_channel_is_subscribed_to_and_good_once_the_hub_asked_back(scene: Scene) -> None:
    await scene.round()
    (form,) = scene.hub.asked
    assert form["hub.mode"] == "subscribe"
    assert form["hub.secret"] == SECRET
    assert form["hub.callback"].startswith("https://fanfare.example/webhooks/youtube?channel=UC")
    assert (await scene.row())["state"] == "asked"
    reply = await scene.hub.ask_back()
    assert (reply.status_code, reply.text) == (200, "1158201444")
    row = await scene.row()
    assert (row["state"], row["expires_at"]) == ("active", NOW + timedelta(seconds=LEASE_S))
    assert NOW + timedelta(days=2.5) <= row["next_at"] <= NOW + timedelta(days=3.75)
    await scene.at(NOW + timedelta(days=1))
    assert len(scene.hub.asked) == 1


async def test_a_hub_may_ask_back_before_it_answers(scene: Scene) -> None:
    scene.hub.at_once = True
    await scene.round()
    row = await scene.row()
    assert row["state"] == "active"
    assert row["next_at"] > NOW + timedelta(days=2)


async def test_it_is_renewed_again_and_again_before_it_ends(scene: Scene) -> None:
    scene.hub.at_once = True
    moment = NOW
    while moment < NOW + timedelta(days=30):
        await scene.at(moment)
        row = await scene.row()
        assert row["state"] == "active"
        assert row["expires_at"] - moment >= timedelta(days=1)
        moment += timedelta(hours=5)
    assert 8 <= len(scene.hub.asked) <= 13


async def test_what_the_hub_never_asks_back_about_is_asked_again_later_each_time(
    scene: Scene,
) -> None:
    moment, seen = NOW, []
    while moment < NOW + timedelta(days=7):
        before = len(scene.hub.asked)
        await scene.at(moment)
        if len(scene.hub.asked) > before:
            seen.append(moment)
        moment += timedelta(minutes=30)
    gaps = [b - a for a, b in pairwise(seen)]
    assert gaps == sorted(gaps)
    assert gaps[0] == timedelta(hours=1)
    assert gaps[-1] == timedelta(days=1)
    row = await scene.row()
    assert (row["state"], row["said"]) == ("asked", "The hub never asked back.")


async def test_one_that_runs_out_is_called_lost_and_asked_for_anew(scene: Scene) -> None:
    await scene.round()
    await scene.hub.ask_back()
    scene.hub.status = 503  # from now on the hub is not well
    moment = NOW
    while moment < NOW + timedelta(days=6):
        await scene.at(moment)
        moment += timedelta(hours=2)
    row = await scene.row()
    assert row["state"] == "lost"
    assert len(scene.hub.asked) < 25  # it is left alone for longer and longer
    (shown,) = await subscriptions_shown(scene.connection)
    assert (shown.state, shown.said) == ("lost", "The hub answered 503.")
    scene.hub.status, scene.hub.at_once = 202, True
    await scene.at(moment + timedelta(hours=6))
    assert (await scene.row())["state"] == "active"


async def test_what_the_hub_denies_is_said_and_asked_for_the_next_day(scene: Scene) -> None:
    await scene.round()
    reply = await scene.hub.ask_back("denied", **{"hub.reason": "not\r\n allowed"})
    assert reply.status_code == 200
    row = await scene.row()
    assert (row["state"], row["said"]) == ("denied", "The hub denied it: not allowed")
    await scene.at(NOW + timedelta(hours=23))
    assert len(scene.hub.asked) == 1
    await scene.at(NOW + timedelta(hours=25))
    assert len(scene.hub.asked) == 2


async def test_a_hub_that_refuses_is_asked_later_and_no_other_channel_suffers(
    scene: Scene,
) -> None:
    scene.hub.status = 400
    await scene.round()
    row = await scene.row()
    assert (row["said"], row["failures"]) == ("The hub answered 400.", 1)
    assert await scene.connection.fetchval("select count(*) from poll_pause") == 0


async def test_only_what_was_asked_for_is_confirmed(scene: Scene) -> None:
    await scene.ours.tick(scene.connection)  # it is asked for now
    await scene.round()
    form = scene.hub.asked[-1]
    for wrong in (
        {"hub.topic": form["hub.topic"].replace("UCpump", "UCevil")},
        {"channel": "UCevilcoexample000000001"},
        {"proof": "0" * 64},
        {"hub.mode": "unsubscribe"},  # we want it still
        {"hub.challenge": ""},
    ):
        assert (await scene.hub.ask_back(None, **wrong)).status_code in (401, 403, 400, 404), wrong
    assert (await scene.row())["state"] == "asked"
    await scene.connection.execute("delete from subscription")
    assert (await scene.hub.ask_back()).status_code >= 400


async def test_who_unlinks_a_channel_ends_its_subscription(scene: Scene) -> None:
    scene.hub.at_once = True
    await scene.round()
    owner = await scene.connection.fetchval("select person_id from ownership")
    async with scene.connection.transaction():
        await unlink(scene.connection, owner, account_id("youtube", CHANNEL), NOW)
    await scene.at(NOW + timedelta(minutes=3))
    assert scene.hub.asked[-1]["hub.mode"] == "unsubscribe"
    assert await scene.row() is None


async def test_without_a_database_nothing_is_confirmed(scene: Scene, database_url: str) -> None:
    await scene.round()
    made = told(scene.hub.origin, database_url)
    async with door(made, "postgresql://nobody@127.0.0.1:9/none", scene.clock) as client:
        scene.hub.door = client
        reply = await scene.hub.ask_back()
    assert reply.status_code == 503
    assert "retry-after" in reply.headers
    assert (await scene.row())["state"] == "asked"
