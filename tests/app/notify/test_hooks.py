"""Outgoing webhooks: told to whoever asked, signed, tried again, and never into the network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import asyncpg
import msgspec
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.going_out import may_reach
from app.notify import hooks
from app.notify.hooks.secret import BOTH_SIGN
from app.notify.patience import PAUSES, next_try
from app.notify.tries import try_again
from rewards import emit
from tests.app.notify.receiver import Receiver, receiver

KEY = "a secret key for tests, nothing else"
LOOPBACK = (ip_network("127.0.0.0/8"),)
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def ear() -> AsyncIterator[Receiver]:
    async with receiver() as listening:
        yield listening


@pytest.fixture
async def administrator(connection: Any) -> int:
    made: int = await connection.fetchval(
        "insert into person (recorded_at) values ($1) returning id", NOW
    )
    return made


async def told_of(connection: Any, ear: Receiver, administrator: int, *events: str) -> int:
    return await hooks.make_hook(
        connection, label="Payroll", url=ear.url, events=events or ("award.paid",),
        person_id=administrator, now=NOW,
    )  # fmt: skip


async def tell(connection: Any, now: datetime = NOW, networks: Any = LOOPBACK) -> int:
    await hooks.hand_out(connection, now)
    return await hooks.tell_hooks(connection, installation_key=KEY, networks=networks, now=now)


def just_now() -> datetime:
    """For those who verify as a receiver does, five minutes back at most: NOW may be older by then."""
    return datetime.now(UTC).replace(microsecond=0)


async def states(connection: Any) -> list[str]:
    rows = await connection.fetch("select state from hook_delivery order by id")
    return [row["state"] for row in rows]


async def test_what_a_hook_asked_for_is_told_once_and_signed(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    now = just_now()
    hook_id = await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7, "units": 2500}, now)
    await emit(connection, "contest.decided", {"contest": 1}, now)  # nobody asked for that
    assert await tell(connection, now) == 1
    assert await tell(connection, now + timedelta(days=1)) == 0
    [(headers, body)] = ear.heard
    told = Webhook(hooks.secret_of(KEY, hook_id, 0)).verify(body, headers)
    assert told["type"] == "award.paid"
    assert told["data"] == {"award": 7, "units": 2500}
    assert datetime.fromisoformat(told["timestamp"]) == now
    assert headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(hooks.secret_of(KEY, hook_id + 1, 0)).verify(body, headers)


async def test_nothing_is_told_of_what_was_rolled_back(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    await told_of(connection, ear, administrator)
    transaction = connection.transaction()
    await transaction.start()
    await emit(connection, "award.paid", {"award": 7}, NOW)
    await transaction.rollback()
    assert await tell(connection) == 0
    assert ear.heard == []


async def test_a_receiver_in_trouble_is_tried_again_later_and_hears_the_same(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    ear.statuses = [500, 302, 201]
    await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    assert await tell(connection) == 1
    assert await tell(connection, NOW + timedelta(seconds=4)) == 0
    assert await tell(connection, NOW + PAUSES[0]) == 1
    assert await states(connection) == ["waiting"]  # a redirect is not followed
    assert await tell(connection, NOW + PAUSES[0] + PAUSES[1]) == 1
    assert await states(connection) == ["delivered"]
    assert len({headers["webhook-id"] for headers, _ in ear.heard}) == 1
    assert len({body for _, body in ear.heard}) == 1
    [one] = await hooks.told(connection, 1, 10)
    assert (one.attempts, one.status, one.said) == (3, 201, "ok")


async def test_patience_ends_and_a_person_may_send_again(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    ear.statuses = [503]
    hook_id = await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    now = NOW
    for pause in (*PAUSES, None):
        assert await tell(connection, now) == 1
        now += pause or timedelta()
    assert await states(connection) == ["given_up"]
    assert len(ear.heard) == len(PAUSES) + 1
    ear.statuses = [200]
    assert await try_again(connection, "hook", hook_id, now) == 1
    assert await tell(connection, now) == 1
    assert await states(connection) == ["delivered"]
    assert await try_again(connection, "hook", hook_id, now) == 0


async def test_the_time_a_receiver_asks_for_is_given(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    ear.statuses, ear.headers = [429], {"retry-after": "120"}
    await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    await tell(connection)
    assert await connection.fetchval("select next_at from hook_delivery") == NOW + timedelta(
        seconds=120
    )


@pytest.mark.parametrize(
    "asked", ["9" * 5000, "Wed, 21 Oct 99999999999999999999 07:28:00 GMT", "soon", "-5", "٣"]
)
async def test_a_time_that_no_calendar_has_keeps_nobody_else_from_being_told(
    connection: Any, ear: Receiver, administrator: int, asked: str
) -> None:
    async with receiver() as fair:
        ear.statuses, ear.headers = [429], {"retry-after": asked}
        await told_of(connection, ear, administrator)
        await told_of(connection, fair, administrator)
        await emit(connection, "award.paid", {"award": 7}, NOW)
        assert await tell(connection) == 2
    assert sorted(await states(connection)) == ["delivered", "waiting"]
    assert await connection.fetchval("select min(attempts) from hook_delivery") == 1


async def test_a_receiver_that_is_gone_for_good_is_told_no_more(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    ear.statuses = [410]
    hook_id = await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    await tell(connection)
    assert (await hooks.hook_by_id(connection, hook_id)).state == "disabled"
    await emit(connection, "award.paid", {"award": 8}, NOW)
    assert await tell(connection, NOW + timedelta(days=1)) == 0
    assert await states(connection) == ["given_up"]


async def test_pausing_holds_what_waits_and_tells_nothing_of_the_meantime(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    hook_id = await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    await hooks.hand_out(connection, NOW)
    await hooks.change_hook(connection, hook_id, "paused", person_id=administrator, now=NOW)
    await emit(connection, "award.paid", {"award": 8}, NOW)
    assert await tell(connection) == 0
    await hooks.change_hook(connection, hook_id, "resumed", person_id=administrator, now=NOW)
    assert await tell(connection) == 1
    assert msgspec.json.decode(ear.heard[0][1])["data"] == {"award": 7}


async def test_removing_a_hook_ends_it_and_keeps_its_log(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    ear.statuses = [500]
    hook_id = await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    await tell(connection)
    await hooks.change_hook(connection, hook_id, "removed", person_id=administrator, now=NOW)
    assert await tell(connection, NOW + timedelta(days=1)) == 0
    assert await hooks.hooks(connection) == []
    assert await connection.fetchval("select count(*) from hook_attempt") == 1
    with pytest.raises(hooks.UnknownHook):
        await hooks.hook_by_id(connection, hook_id)


async def test_while_a_secret_is_replaced_both_sign_for_a_day(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    now = just_now()
    hook_id = await told_of(connection, ear, administrator)
    await hooks.change_hook(connection, hook_id, "rotated", person_id=administrator, now=now)
    await emit(connection, "award.paid", {"award": 7}, now)
    await tell(connection, now)
    headers, body = ear.heard[0]
    for generation in (0, 1):
        assert Webhook(hooks.secret_of(KEY, hook_id, generation)).verify(body, headers)
    assert len(headers["webhook-signature"].split(" ")) == 2
    await emit(connection, "award.paid", {"award": 8}, now)
    await tell(connection, now + BOTH_SIGN)
    assert len(ear.heard[1][0]["webhook-signature"].split(" ")) == 1


async def test_a_process_that_dies_while_telling_gives_the_delivery_back(
    connection: Any, database_url: str, ear: Receiver, administrator: int
) -> None:
    await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    await hooks.hand_out(connection, NOW)
    ear.patience_s = 30
    dying = await asyncpg.connect(database_url)
    task = asyncio.create_task(
        hooks.tell_hooks(dying, installation_key=KEY, networks=LOOPBACK, now=NOW)
    )
    while not ear.heard:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await dying.close()
    ear.patience_s = 0
    assert await tell(connection, NOW + timedelta(seconds=59)) == 0
    assert await tell(connection, NOW + timedelta(seconds=60)) == 1
    assert await states(connection) == ["delivered"]
    assert ear.heard[0][0]["webhook-id"] == ear.heard[1][0]["webhook-id"]


async def test_two_workers_tell_everything_once(
    connection: Any, database_url: str, ear: Receiver, administrator: int
) -> None:
    await told_of(connection, ear, administrator)
    for award in range(30):
        await emit(connection, "award.paid", {"award": award}, NOW)
    other = await asyncpg.connect(database_url)

    async def work(on: Any) -> None:
        while await tell(on):
            pass

    await asyncio.gather(work(connection), work(other))
    await other.close()
    awards = [msgspec.json.decode(body)["data"]["award"] for _, body in ear.heard]
    assert sorted(awards) == list(range(30))


async def test_a_silent_receiver_keeps_no_other_waiting(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    async with receiver() as silent:
        silent.patience_s = 0.5
        await told_of(connection, silent, administrator)
        await told_of(connection, ear, administrator)
        for award in range(20):
            await emit(connection, "award.paid", {"award": award}, NOW)
        await tell(connection)
    assert len(silent.heard) == len(ear.heard) == 4  # each its share of a round


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0", "100.64.0.1",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fec0::1", "fc00::1", "ff02::1",
     "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "198.18.0.1", "192.0.2.1"],
)  # fmt: skip
def test_an_address_inside_a_network_is_not_reached(address: str) -> None:
    assert not may_reach(ip_address(address), ())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_internet_is_reached(address: str) -> None:
    assert may_reach(ip_address(address), ())


def test_a_network_the_settings_allow_is_reached_and_no_other() -> None:
    allowed = (ip_network("10.1.0.0/16"),)
    assert may_reach(ip_address("10.1.2.3"), allowed)
    assert may_reach(ip_address("::ffff:10.1.2.3"), allowed)
    assert not may_reach(ip_address("10.2.0.1"), allowed)


async def test_a_name_that_leads_inside_is_refused_when_it_is_told(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    await hooks.make_hook(
        connection, label="Inside", url=f"https://localhost:{ear.port}/", events=["award.paid"],
        person_id=administrator, now=NOW,
    )  # fmt: skip
    await emit(connection, "award.paid", {"award": 7}, NOW)
    assert await tell(connection, networks=()) == 1
    assert ear.heard == []
    [one] = await hooks.told(connection, 1, 1)
    assert one.said is not None
    assert "is inside a network" in one.said


async def test_plain_http_goes_to_allowed_networks_only(
    connection: Any, ear: Receiver, administrator: int
) -> None:
    await told_of(connection, ear, administrator)
    await emit(connection, "award.paid", {"award": 7}, NOW)
    await tell(connection, networks=(ip_network("10.0.0.0/8"),))
    assert ear.heard == []


@pytest.mark.parametrize(
    "typed",
    ["", "payroll", "ftp://example.org/", "https://", "https://user:word@example.org/", "http://example.org/",
     "https://example.org/#part", "https://10.0.0.1/", "https://[::1]/", "https://127.0.0.1:8000/",
     "https://example.org:99999/", "https://example.org:25/", "https://exa mple.org/", "javascript:alert(1)",
     "https://example.org/" + "a" * 2000, "https://[::1", "https://exämple.org/"],
)  # fmt: skip
def test_an_address_that_cannot_be_told_gets_a_sentence(typed: str) -> None:
    with pytest.raises(hooks.NotReachable, match=r"\.$"):
        hooks.checked_url(typed, ())


def test_an_address_of_the_internet_is_taken_as_it_is() -> None:
    assert (
        hooks.checked_url(" https://example.org:8443/a?b=c ", ())
        == "https://example.org:8443/a?b=c"
    )


def test_pauses_grow_and_end() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert next_try(len(PAUSES) + 1, NOW) is None
    assert next_try(1, NOW, retry_after=timedelta(days=9)) == NOW + timedelta(days=1)
    assert next_try(2, NOW, retry_after=timedelta(seconds=1)) == NOW + PAUSES[1]
