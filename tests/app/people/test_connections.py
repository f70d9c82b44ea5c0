"""Connections to the networks, as an administrator sees, begins and decides them."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from app.checkup import findings
from app.live.leave import leave_ends_at, needing_leave
from app.live.request import wanted as watched
from app.pages.connections.delivery import shown
from app.settings import Settings
from app.webhooks import DeliveryRow, Noted, store
from scoring import Named, begin_with_default, intake, link, may_use_member_data, platforms
from scoring.identity import account_id
from seeds.signing import sign
from tests.app.people.visitor import Visitor

SignIn = Callable[..., Awaitable[Visitor]]
HERE = "/admin/connections"
NOTE = {
    "object": "status",
    "event": "status.created",
    "object_data": {},
}


def told(text: str) -> str:
    """The page's text without its markup's spacing."""
    return " ".join(text.split())


@pytest.fixture
async def root(signed_in: SignIn) -> Visitor:
    return await signed_in("Grace Hopper", "administrator")


async def deliver(
    connection: asyncpg.Connection[Any], platform: str, body: bytes, key: str, now: datetime
) -> None:
    await store(connection, [DeliveryRow.of(platform, key, {}, body, now)])


def event(named: str, **data: object) -> bytes:
    at = datetime.now(UTC).isoformat()
    return json.dumps({"type": named, "timestamp": at, "data": data}).encode()


async def test_every_network_has_a_page_that_names_every_setting_and_the_address_to_give_it(
    root: Visitor, settings: Settings
) -> None:
    listed = (await root.get(HERE)).text
    for name, network in platforms().items():
        assert f'href="{HERE}/{name}"' in listed
        page = await root.get(f"{HERE}/{name}")
        assert page.status_code == 200, name
        text = page.text
        for wanted in network.wants:
            assert network.variable(wanted.name) in text, (name, wanted.name)
        if any("{callback}" in copied for step in network.steps for _, copied in step.copy):
            assert f"{settings.base_url}/webhooks/{name}" in text, name
        assert "{callback}" not in text
        assert network.incentive.reason[1:].replace("'", "&#39;") in text
        assert f"read {network.incentive.read_on.day} " in text
    assert (await root.get(f"{HERE}/nowhere")).status_code == 404
    formerly = await root.get("/admin/platforms")
    assert formerly.status_code in (200, 303)


def test_the_steps_of_a_network_give_every_setting_it_cannot_do_without() -> None:
    for name, network in platforms().items():
        assert network.steps, name
        given = {setting for step in network.steps for setting in step.sets}
        known = {wanted.name for wanted in network.wants}
        assert given <= known, name
        lacks = " ".join(network.problems(network.secrets({})))
        needed = {one for one in known if f"{network.variable(one)} " in f"{lacks} "}
        assert needed <= given, name
        if any(wanted.several and "secret" in wanted.name for wanted in network.wants):
            assert network.replacing, name
        for step in network.steps:
            assert "".join(text for _, text in step.parts)
            for _, text in step.copy:
                assert all(place in ("callback", "base", "verify_token") for place in places(text))


def places(text: str) -> list[str]:
    return re.findall(r"\{([a-z_]+)\}", text)


async def test_the_live_line_waits_then_says_why_something_was_refused_then_that_it_came(
    root: Visitor, connection: asyncpg.Connection[Any], settings: Settings, application: Any
) -> None:
    here = f"{HERE}/mastodon"
    asked = {"HX-Request": "true", "HX-Target": "connection-live"}

    async def line() -> str:
        answer = await root.get(here, headers=asked)
        assert "<html" not in answer.text
        return told(answer.text)

    assert "Waiting for the first event of Mastodon" in await line()
    state = application.state
    body = b'{"event": "status.created", "object": {}}'
    await root.post("/webhooks/mastodon", content=body, headers={"x-hub-signature": "sha256=00"})
    await noted_of(application).write(state.pool, state.redis)
    said = await line()
    assert "Something came and was refused: the signature has the wrong length." in said
    headers = sign("mastodon", body, settings.secrets_of("mastodon"), datetime.now(UTC), "m")
    assert (await root.post("/webhooks/mastodon", content=body, headers=headers)).status_code == 200
    await noted_of(application).write(state.pool, state.redis)
    said = await line()
    assert "Received. Just now, by webhook." in said
    assert "1 in the last hour" in said
    whole = told((await root.get(here)).text)
    assert "used last just now" in whole
    assert '<b class="num">1</b> the signature has the wrong length' in whole


def noted_of(application: Any) -> Noted:
    """What the application's own door noted; it writes by itself once a second."""
    noted: Noted = application.state.noted
    return noted


async def test_what_came_and_was_deleted_in_time_does_not_make_a_network_one_that_was_never_heard(
    root: Visitor, connection: asyncpg.Connection[Any], settings: Settings
) -> None:
    await connection.execute(
        """insert into secret_use (platform, setting, fingerprint, used_for, last_at)
           values ('mastodon', 'secret', 'of a secret since replaced', 'delivery', $1)""",
        datetime.now(UTC) - timedelta(days=40),
    )
    page = told((await root.get(f"{HERE}/mastodon")).text)
    assert "Received." in page
    assert "Waiting for the first event" not in page
    said = [one.words for one in await findings(settings) if one.subject == "Mastodon"]
    assert said[0].startswith("quiet, heard last")


async def test_the_newest_delivery_is_shown_with_what_it_would_score_and_nobodys_points(
    root: Visitor, connection: asyncpg.Connection[Any], settings: Settings
) -> None:
    now = datetime.now(UTC)
    await begin_with_default(connection, now - timedelta(days=2))
    told_ = event(
        "engagement.recorded", kind="reply", id="c1", actor="visitor-7", target="e-42", post="p1"
    )
    await deliver(connection, "standard", told_, "one", now)
    page = told((await root.get(f"{HERE}/standard")).text)
    assert "“visitor-7” answered “e-42”." in page
    assert "if done to an ambassador by somebody outside" in page
    # The company's own accounts are known as such.
    company = account_id("standard", "acme")
    await connection.execute(
        "insert into account (id, platform, native_id, recorded_at) values ($1, 'standard', 'acme', $2)",
        company,
        now,
    )
    await connection.execute(
        """insert into ownership (account_id, effective_at, person_id, company, counts, recorded_at)
           values ($1, $2, null, true, null, $2)""",
        company,
        now - timedelta(days=1),
    )
    told_ = event(
        "engagement.recorded", kind="reshare", id="r1", actor="acme", target="e-42", post="p1"
    )
    await deliver(connection, "standard", told_, "two", now + timedelta(seconds=1))
    page = told((await root.get(f"{HERE}/standard")).text)
    assert "The company’s account reshared “e-42”." in page
    await deliver(connection, "standard", b'{"type": 7}', "three", now + timedelta(seconds=2))
    page = told((await root.get(f"{HERE}/standard")).text)
    assert "It could not be read" in page


async def test_what_was_set_aside_is_shown_safely_and_tried_again_one_or_all(
    root: Visitor, connection: asyncpg.Connection[Any]
) -> None:
    now = datetime.now(UTC)
    hostile = '{"type": 7, "html": "<script>alert(1)</script>", "turned": "\u202egnp.exe"}'.encode()
    for number in range(3):
        await deliver(connection, "standard", hostile + b" " * number, f"h{number}", now)
    await deliver(connection, "mastodon", b'{"event": 7}', "m", now)
    await intake(connection, now=now)
    assert await connection.fetchval("select count(*) from pending_delivery") == 0
    page = (await root.get(f"{HERE}/standard")).text
    assert "Try all 3 again" in page
    ids = [row["id"] for row in await connection.fetch("select id from delivery order by id")]
    one = await root.get(f"/admin/deliveries/{ids[0]}")
    assert "<script>alert" not in one.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in one.text
    assert "\u202e" not in one.text
    assert "\\u202egnp.exe" in one.text
    opened = await connection.fetchval("select count(*) from audit where action = 'opened'")
    assert opened == 1
    assert (await root.get(f"/admin/deliveries/{max(ids) + 1}")).status_code == 404
    assert (await root.get(f"/admin/deliveries/{10**30}")).status_code == 404
    await root.send_form(f"{HERE}/standard", f"{HERE}/standard/retry", delivery=str(ids[1]))
    waiting = "select array_agg(delivery_id order by delivery_id) from pending_delivery"
    assert await connection.fetchval(waiting) == [ids[1]]
    # Another network's delivery is not this page's.
    await root.send_form(f"{HERE}/standard", f"{HERE}/standard/retry", delivery=str(ids[3]))
    assert await connection.fetchval(waiting) == [ids[1]]
    await root.send_form(f"{HERE}/standard", f"{HERE}/standard/retry", delivery="all")
    assert await connection.fetchval(waiting) == ids[:3]


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", "\u202e\u200b\ud7ff\ue000".encode(), b"[" * 100_000, b"", b'{"a": 1e400}']
)  # fmt: skip
def test_whatever_was_sent_can_be_shown(body: bytes) -> None:
    text = shown(body).text
    assert all(letter.isprintable() or letter in "\n\t" for letter in text)


async def test_an_administrator_decides_otherwise_with_a_reason_that_stays(
    root: Visitor, connection: asyncpg.Connection[Any]
) -> None:
    here = f"{HERE}/x"
    answer = await root.send_form(here, f"{here}/policy", mode="cash", reason=" ")
    assert answer.status_code == 422
    assert "Say why" in answer.text
    answer = await root.send_form(here, f"{here}/policy", mode="gold", reason="because")
    assert answer.status_code == 422
    await root.send_form(here, f"{here}/policy", mode="cash", reason="X agreed in writing")
    page = told((await root.get(here)).text)
    assert "Decided otherwise by" in page
    assert "X agreed in writing" in page
    assert "decided here" in (await root.get(HERE)).text
    audit = await connection.fetchrow(
        "select subject, detail from audit where action = 'policy_overridden'"
    )
    assert audit is not None
    assert audit["subject"] == "network:x"
    assert "X agreed in writing" in str(audit["detail"])
    await root.send_form(here, f"{here}/policy", mode="own", reason="It ended")
    page = told((await root.get(here)).text)
    assert "Decided otherwise by" not in page
    assert "It ended" in page
    assert (await root.send_form(here, f"{here}/nothing", a="b")).status_code == 404
    # Where a network forbids any score, a decision gives no points either, and that is said.
    assert "no rule gives points for what YouTube tells" in told(
        (await root.get(f"{HERE}/youtube")).text
    )
    assert "no rule gives points" not in page


async def test_members_data_stay_off_until_somebody_confirms_the_agreement(
    root: Visitor, connection: asyncpg.Connection[Any]
) -> None:
    here, now = f"{HERE}/linkedin", datetime.now(UTC) + timedelta(minutes=1)
    assert not await may_use_member_data(connection, "linkedin", now)
    assert await may_use_member_data(connection, "mastodon", now)
    assert "Off until somebody confirms" in (await root.get(here)).text
    answer = await root.send_form(here, f"{here}/member-data", member_data="on", agreement="")
    assert answer.status_code == 422
    agreement = "Contract 17 of March, read by Legal"
    await root.send_form(here, f"{here}/member-data", member_data="on", agreement=agreement)
    assert await may_use_member_data(connection, "linkedin", now)
    await root.send_form(here, f"{here}/member-data", member_data="off", agreement="It ended")
    assert not await may_use_member_data(connection, "linkedin", now)
    other = f"{HERE}/x"
    answer = await root.send_form(other, f"{other}/member-data", member_data="on", agreement="a")
    assert answer.status_code == 422


async def test_a_page_gives_leave_to_watch_its_own_network_and_no_other(
    root: Visitor, settings: Settings
) -> None:
    text = (await root.get(f"{HERE}/x")).text
    (address,) = set(re.findall(r'sse-connect="([^"]+)"', text))
    asked = watched(urlsplit(unescape(address)).query.encode(), None)
    assert needing_leave(asked.events) == ("connection:x",)
    now = datetime.now(UTC)
    secret = settings.secret_key
    assert leave_ends_at(secret, asked.events, asked.leave, now) is not None
    assert leave_ends_at(secret, ["connection:mastodon"], asked.leave, now) is None


async def test_nobody_but_an_administrator_sees_or_decides_any_of_it(
    signed_in: SignIn, connection: asyncpg.Connection[Any]
) -> None:
    hr = await signed_in("Helen Roth", "hr")
    for address in (HERE, f"{HERE}/x", "/admin/deliveries/1"):
        assert (await hr.get(address)).status_code == 403, address
    sent = await hr.send_form("/me", f"{HERE}/x/policy", mode="cash", reason="I would like to")
    assert sent.status_code == 403
    assert await connection.fetchval("select count(*) from policy_override") == 0


async def test_of_a_secret_no_page_shows_more_than_its_last_letters(
    root: Visitor, settings: Settings, application: Any
) -> None:
    for name in platforms():
        text = (await root.get(f"{HERE}/{name}")).text
        for wanted in settings.secrets_of(name).values.values():
            for value in wanted:
                assert len(value) < 16 or value not in text


async def test_page_and_doctor_say_at_which_servers_accounts_are_linked_and_which_one_person_alone_uses(
    root: Visitor, settings: Settings, connection: asyncpg.Connection[Any]
) -> None:
    at = datetime.now(UTC) - timedelta(days=1)
    for name in ("ana@social.example", "bo@social.example", "cem@cem.example"):
        person = await connection.fetchval(
            "insert into person (recorded_at) values ($1) returning id", at
        )
        await link(connection, person, "mastodon", Named(name, name), "every", at)
    text = told((await root.get(f"{HERE}/mastodon")).text)
    named = "2 people</span> <span class=.tag good.>named"
    assert re.search(f"social.example</bdi></b> <span class=.num.>{named}", text)
    assert "one person alone</span>" in text
    advice = "names the only servers at which accounts may be linked"
    assert "At cem.example one person alone has an account." in text
    assert advice in text
    said = [one.words for one in await findings(settings) if one.subject == "Mastodon"]
    assert "accounts are linked at social.example, cem.example" in said[0]
    assert [one for one in said[1:] if "At cem.example" in one and advice in one]
    trusting = settings.with_secrets("mastodon", hosts=("Cem.example",))
    said = [one.words for one in await findings(trusting) if one.subject == "Mastodon"]
    assert not any("At cem.example" in one for one in said)


async def test_the_doctor_says_in_the_terminal_what_the_pages_say(
    root: Visitor, connection: asyncpg.Connection[Any], settings: Settings, application: Any
) -> None:
    state = application.state
    body = b'{"event": "status.created", "object": {}}'
    for _ in range(3):
        await root.post("/webhooks/mastodon", content=body)
    headers = sign("mastodon", body, settings.secrets_of("mastodon"), datetime.now(UTC), "m")
    await root.post("/webhooks/mastodon", content=body, headers=headers)
    await noted_of(application).write(state.pool, state.redis)
    await root.send_form(
        f"{HERE}/mastodon", f"{HERE}/mastodon/policy", mode="off", reason="The works council asked"
    )
    said = [one for one in await findings(settings) if one.subject == "Mastodon"]
    assert said[0].words == (
        "heard just now, by webhook; 1 in the last hour; may win: nothing (decided here)"
    )
    trouble = said[1].words
    assert trouble == "3 refused in the last day, most often: the signature is missing."
    listed = told((await root.get(HERE)).text)
    assert trouble in listed
    assert "decided here" in listed
