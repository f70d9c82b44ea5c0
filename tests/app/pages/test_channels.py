"""Channels for the administrator: added by steps in words, tried, paused; their addresses shown nowhere."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
from httpx import AsyncClient, Response
from litestar import Litestar

from app.notify.channels import Carriers, Here, say_what_is_due
from tests.app.notify.receiver import Receiver, receiver
from tests.app.pages.company import Company
from tests.app.pages.conftest import SECRET, As

ADDRESS = "https://hooks.slack.com/services/T01ABCDEF/B02ABCDEF/abcdefABCDEF012345678901"
NETWORKS = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def ear() -> AsyncIterator[Receiver]:
    async with receiver() as listening:
        yield listening


@pytest.fixture
async def admin(company: Company, signed_in: As, application: Litestar) -> AsyncClient:
    application.state.settings = replace(application.state.settings, hook_networks=NETWORKS)
    return await signed_in(await company.person("Ada Min", role="administrator"))


async def send(client: AsyncClient, page: str, to: str, **values: str) -> Response:
    """Fill a form of a page in and send it."""
    found = re.search(r'name="_csrf_token" value="([^"]+)"', (await client.get(page)).text)
    assert found
    return await client.post(to, data={"_csrf_token": found[1], **values})


async def add(
    client: AsyncClient, target: str, kind: str = "slack", label: str = "#all-hands"
) -> Response:
    here = f"/admin/channels/new/{kind}"
    return await send(client, here, here, label=label, target=target)


async def test_a_channel_is_added_by_its_steps_and_its_address_shown_nowhere(
    admin: AsyncClient, connection: Any
) -> None:
    assert "on the screens only" in (await admin.get("/admin/channels")).text
    steps = (await admin.get("/admin/channels/new/slack")).text
    assert "Add New Webhook to Workspace" in steps
    answer = await add(admin, ADDRESS)
    assert answer.headers["location"] == "/admin/channels/1"
    for page in ("/admin/channels", "/admin/channels/1"):
        text = (await admin.get(page)).text
        assert "#all-hands" in text
        assert "T01ABCDEF / B02ABCDEF / ••••" in text
        assert "abcdefABCDEF" not in text
    for table in ("channel", "channel_change", "audit"):
        rows = await connection.fetch(f"select * from {table}")
        assert "abcdefABCDEF" not in str([dict(row) for row in rows])


@pytest.mark.parametrize(
    "target", ["", "nonsense", ADDRESS + "\r\nHost: x", "https://evil.example/" + "a" * 3000]
)
async def test_what_is_wrong_stands_beside_its_field_and_a_typed_secret_does_not_come_back(
    admin: AsyncClient, target: str
) -> None:
    answer = await add(admin, target, label="<b>x</b>" * 20)
    assert answer.status_code == 422
    assert 'id="target-error"' in answer.text
    assert "Use at most 80 characters." in answer.text
    assert "abcdefABCDEF" not in answer.text
    assert "<b>x" not in answer.text
    assert "evil.example" not in answer.text


async def test_without_a_mail_server_e_mail_says_what_is_missing_and_takes_nothing(
    admin: AsyncClient, connection: Any
) -> None:
    page = await admin.get("/admin/channels/new/email")
    assert "There is no mail server yet" in page.text
    assert 'name="target"' not in page.text
    answer = await send(
        admin, "/admin/channels/new/slack", "/admin/channels/new/email",
        label="List", target="list@example.org",
    )  # fmt: skip
    assert answer.status_code == 422
    assert await connection.fetchval("select count(*) from channel") == 0
    assert "no mail server" in (await admin.get("/admin/messages")).text
    assert "No mail server is set up here" in (await admin.get("/me/notices")).text


async def test_with_a_mail_server_a_mailing_list_is_a_channel(
    admin: AsyncClient, application: Litestar
) -> None:
    application.state.settings = replace(
        application.state.settings, smtp_url="smtp://127.0.0.1", mail_from="f@northwind.test"
    )
    assert (await add(admin, "winners@example.org", "email")).status_code == 303
    page = (await admin.get("/admin/channels/1")).text
    assert "w•••@example.org" in page
    assert "winners@example.org" not in page


async def test_a_channel_is_tried_paused_resumed_and_removed(
    admin: AsyncClient, connection: Any, ear: Receiver
) -> None:
    await add(admin, ear.url)
    here = "/admin/channels/1"
    carriers, at = (
        Carriers(SECRET, NETWORKS, None),
        Here("Northwind", "http://fanfare.test", SECRET),
    )
    ear.statuses = [404, 200]
    await send(admin, here, f"{here}/test")
    assert await say_what_is_due(connection, carriers, at, datetime.now(UTC)) == 1
    page = (await admin.get(here)).text
    assert "given up" in page
    assert "Slack does not know this webhook any more" in page
    assert "Say 1 message again" in page
    await send(admin, here, f"{here}/again", delivery="1")
    assert await say_what_is_due(connection, carriers, at, datetime.now(UTC)) == 1
    block = await admin.get(here, headers={"hx-request": "true", "hx-target": "channel-log"})
    assert block.text.lstrip().startswith('<div id="channel-log"')
    assert "delivered" in block.text
    for deed, state in (("pause", "paused"), ("resume", "told")):
        await send(admin, here, f"{here}/{deed}")
        assert f">{state}</span>" in (await admin.get(here)).text
    answer = await send(admin, here, f"{here}/remove")
    assert answer.headers["location"] == "/admin/channels"
    assert (await admin.get(here)).status_code == 404
    actions = await connection.fetch(
        "select action from audit where subject = 'channel:1' order by id"
    )
    assert [row["action"] for row in actions] == [
        "channel_made", "channel_said_again", "channel_paused", "channel_resumed", "channel_removed",
    ]  # fmt: skip


async def test_the_table_names_every_message(admin: AsyncClient) -> None:
    page = (await admin.get("/admin/messages")).text
    assert "You won €25 in “Autumn answers”." in page
    assert "{" not in page.split("<main")[1].split("</main>")[0]
    for kind in ("E-mail", "Microsoft Teams", "Slack"):
        assert kind in page


async def test_one_chooses_what_comes_by_e_mail(
    company: Company, signed_in: As, connection: Any
) -> None:
    ada = await signed_in(await company.person("Ada"))
    await send(
        ada, "/me/notices", "/me/notices",
        **dict.fromkeys(
            ("offered:mail:award_won", "offered:mail:contest_amended", "mail:contest_amended"), "yes"
        ),
    )  # fmt: skip
    rows = await connection.fetch("select kind, wanted from notice_mail_choice order by kind")
    assert [tuple(row) for row in rows] == [("award_won", False), ("contest_amended", True)]
